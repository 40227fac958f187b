"""A key lies where every Kafka client looks for it."""

from aiokafka.partitioner import murmur2 as of_the_client
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.murmur import murmur2


@given(st.binary(max_size=70))
def test_the_hash_is_that_of_kafka_s_own_clients(key: bytes) -> None:
    assert murmur2(key) == of_the_client(key) & 0xFFFFFFFF
