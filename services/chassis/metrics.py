"""Every metric that all services share, declared once; a service declares its own in its metrics.py."""

from prometheus_client import Counter, Gauge, Histogram

EVENTS = Counter(
    "overturn_events_total",
    "Input events by type and by what came of them: handled, unchanged, repeated, idle, rejected",
    ("type", "verdict"),
)
SKIPPED = Counter("overturn_events_skipped_total", "Input events of types that this service has no use for", ("topic",))
PUBLISHED = Counter("overturn_events_published_total", "Events acknowledged by the broker", ("topic",))
REPUBLISHED = Counter(
    "overturn_outbox_republished_total",
    "Outbox entries found live on load and published again; rises after a crash, else stays",
)
STAGE_SECONDS = Histogram(
    "overturn_batch_seconds",
    "Seconds of a batch by stage: read, load, decide, write, publish, effects, letters, commit",
    ("stage",),
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
BATCH_RECORDS = Histogram(
    "overturn_batch_records", "Records of a batch, by topic", ("topic",), buckets=(1, 2, 5, 10, 25, 50, 100, 250, 500)
)
LOADED = Counter(
    "overturn_documents_loaded_total", "Documents asked for, by where they were: memory, database", ("where",)
)
LAG = Gauge("overturn_lag_records", "Records not yet committed, of the partitions of this worker", ("topic",))
DEAD_LETTERS = Counter("overturn_dead_letters_total", "Records that became dead letters, by reason code", ("code",))
DEAD_LETTER_STOP = Gauge("overturn_dead_letter_stop", "1 while the dead letter limit keeps this worker from reading")
CONFLICTS = Counter("overturn_conflicts_total", "Writes lost to another writer and run again in place")
RETRIES = Counter("overturn_retries_total", "Batches run again because broker or database was away", ("error",))
TROUBLE = Gauge(
    "overturn_trouble_seconds",
    "For how long the database or the broker has not done what this worker asked of it; 0 while it does",
    ("part",),
)
SUPERSEDED = Counter("overturn_batches_superseded_total", "Batches dropped because the group moved on; read again")
EFFECTS = Counter(
    "overturn_effects_total", "Effects by door and by what came of them: done, stuck", ("door", "verdict")
)
TIMERS = Counter("overturn_timers_fired_total", "Timer events published at ticks, by timer", ("timer",))
TICK_TIME = Gauge("overturn_tick_unixtime", "Time of the newest tick that was worked off", ("partition",))
PROGRESS = Gauge("overturn_progress_unixtime", "When this worker last finished a batch")
