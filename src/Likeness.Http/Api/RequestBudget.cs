namespace Likeness.Http.Api;

/// <summary>A token bucket for each key: what was spent comes back evenly over a minute. Keys that spent nothing lately are forgotten.</summary>
/// <param name="perMinute">What a key may spend in a minute; as much may be spent at once.</param>
public sealed class RequestBudget(TimeProvider time, int perMinute)
{
    private const int MaxKeys = 20_000;
    private readonly GenerationCache<string, Bucket> _buckets = new(MaxKeys, _ => 1);
    private readonly Lock _making = new();

    /// <summary>Zero when <paramref name="cost"/> was spent; else how long to wait, and nothing was spent.</summary>
    public TimeSpan Spend(string key, int cost)
    {
        var bucket = BucketOf(key);
        lock (bucket)
        {
            var now = time.GetTimestamp();
            bucket.Left = Math.Min(perMinute, bucket.Left + (time.GetElapsedTime(bucket.Since, now).TotalMinutes * perMinute));
            bucket.Since = now;
            if (bucket.Left >= cost)
            {
                bucket.Left -= cost;
                return TimeSpan.Zero;
            }

            return TimeSpan.FromMinutes((cost - bucket.Left) / perMinute);
        }
    }

    private Bucket BucketOf(string key)
    {
        if (_buckets.TryGet(key, out var bucket))
        {
            return bucket;
        }

        lock (_making)
        {
            if (!_buckets.TryGet(key, out bucket))
            {
                bucket = new Bucket { Left = perMinute, Since = time.GetTimestamp() };
                _buckets.Set(key, bucket);
            }

            return bucket;
        }
    }

    private sealed class Bucket
    {
        public double Left { get; set; }

        public long Since { get; set; }
    }
}
