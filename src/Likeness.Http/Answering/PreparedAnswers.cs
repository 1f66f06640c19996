using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Likeness.Libravatar;

namespace Likeness.Http.Answering;

/// <summary>
/// Answers that are repeated while nothing they were made from has changed, by the exact bytes of the request target; found
/// without allocating or locking. Bounded by bytes in two generations, as <see cref="GenerationCache{TKey,TValue}"/>; a target
/// is taken in when it is seen a second time, so that a flood of targets that differ each time takes no room.
/// </summary>
internal sealed class PreparedAnswers(AvatarOptions options, PortraitVersions versions, HttpClock clock)
{
    private const int SeenSlots = 1 << 16;
    private readonly int[] _seen = new int[SeenSlots];
    private readonly Lock _turning = new();
    private Generation _young = new();
    private Generation _old = new();
    private long _youngWeight;

    /// <summary>To be called before anything is looked at that the answer depends on.</summary>
    public AnswerMemo Begin(AddressHash? hash) => versions.Begin(clock.Seconds + (long)options.AnswerLifetime.TotalSeconds, hash);

    /// <summary>The answer prepared for exactly this request, if it is still true. Allocates nothing.</summary>
    public bool TryRecall(ReadOnlySpan<byte> target, [NotNullWhen(true)] out AvatarAnswer? answer) =>
        TryGet(target, out answer) && clock.Seconds < answer.Expires && versions.IsCurrent(answer.Dependencies);

    /// <summary>Remembers it, unless this is the first time the target is seen.</summary>
    public void Offer(byte[] target, AvatarAnswer answer)
    {
        var hash = TargetComparer.Instance.GetHashCode(target);
        ref var seen = ref _seen[(uint)hash % SeenSlots];
        if (Volatile.Read(ref seen) == hash)
        {
            Set(target, answer);
        }
        else
        {
            Volatile.Write(ref seen, hash);
        }
    }

    private static long Weigh(byte[] target, AvatarAnswer answer) => target.Length + answer.Weight;

    private bool TryGet(ReadOnlySpan<byte> target, [NotNullWhen(true)] out AvatarAnswer? answer)
    {
        if (Volatile.Read(ref _young).Find.TryGetValue(target, out answer))
        {
            return true;
        }

        if (!Volatile.Read(ref _old).Find.TryGetValue(target, out answer))
        {
            return false;
        }

        Set(target.ToArray(), answer);
        return true;
    }

    private void Set(byte[] target, AvatarAnswer answer)
    {
        lock (_turning)
        {
            if (_young.Answers.TryGetValue(target, out var replaced))
            {
                _youngWeight -= Weigh(target, replaced);
            }

            _young.Answers[target] = answer;
            _youngWeight += Weigh(target, answer);
            if (_youngWeight > options.AnswerMemory / 2)
            {
                Volatile.Write(ref _old, _young);
                Volatile.Write(ref _young, new Generation());
                _youngWeight = 0;
            }
        }
    }

    private sealed class Generation
    {
        public Generation() => Find = Answers.GetAlternateLookup<ReadOnlySpan<byte>>();

        public ConcurrentDictionary<byte[], AvatarAnswer> Answers { get; } = new(TargetComparer.Instance);

        public ConcurrentDictionary<byte[], AvatarAnswer>.AlternateLookup<ReadOnlySpan<byte>> Find { get; }
    }

    private sealed class TargetComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static TargetComparer Instance { get; } = new();

        public bool Equals(byte[]? left, byte[]? right) => left.AsSpan().SequenceEqual(right);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] target) => GetHashCode(target.AsSpan());

        // Seeded per process: strangers cannot choose targets that collide.
        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
