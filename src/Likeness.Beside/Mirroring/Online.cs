namespace Likeness.Beside.Mirroring;

/// <summary>Who is in chats at this moment, and when they were looked at because of it. A few dozen bytes for each; it begins anew with each connection.</summary>
internal sealed class Online(TimeProvider time)
{
    /// <summary>People in chats are looked at so often, whatever is heard of them.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>So often it is asked, and nothing more, whether somebody in chats of whom no event would tell has an avatar now: their node is not there yet.</summary>
    public static readonly TimeSpan GlanceInterval = TimeSpan.FromSeconds(10);

    /// <summary>People that are remembered; whoever comes on top is found by the sweep.</summary>
    public const int MaxPeople = 200_000;

    private const int MaxResources = 64;
    private readonly Lock _gate = new();
    private readonly Dictionary<Identity, Person> _people = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _people.Values.Count(person => person.Resources.Length > 0);
            }
        }
    }

    /// <summary>A presence came. True: look at the person, since nothing was seen of them yet in this connection, or for a while.</summary>
    /// <param name="hash">Of the photo, as the presence says; null: it says nothing.</param>
    public bool Came(Identity account, string? resource, string? hash)
    {
        lock (_gate)
        {
            var id = (resource ?? "").GetHashCode(StringComparison.Ordinal);
            if (!_people.TryGetValue(account, out var person))
            {
                if (_people.Count < MaxPeople)
                {
                    _people[account] = new Person([id], hash?.GetHashCode(StringComparison.Ordinal), time.GetTimestamp());
                }

                return true;
            }

            if (!person.Resources.Contains(id) && person.Resources.Length < MaxResources)
            {
                person.Resources = [.. person.Resources, id];
            }

            // An old hash that goes on being said is looked into once in a while.
            var said = hash?.GetHashCode(StringComparison.Ordinal);
            if (time.GetElapsedTime(person.Looked) < Interval && (said is null || said == person.Hash))
            {
                return false;
            }

            (person.Hash, person.Looked) = (said, time.GetTimestamp());
            return true;
        }
    }

    public void Went(Identity account, string? resource)
    {
        lock (_gate)
        {
            if (_people.TryGetValue(account, out var person))
            {
                var id = (resource ?? "").GetHashCode(StringComparison.Ordinal);
                person.Resources = [.. person.Resources.Where(one => one != id)];
            }
        }
    }

    /// <summary>Those in chats whose last look is too long ago; they count as looked at now.</summary>
    public IReadOnlyList<Identity> Due(int most)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var due = _people.Where(entry => entry.Value.Resources.Length > 0 && time.GetElapsedTime(entry.Value.Looked, now) >= Interval).Take(most).ToArray();
            foreach (var (_, person) in due)
            {
                person.Looked = now;
            }

            return [.. due.Select(entry => entry.Key)];
        }
    }

    /// <summary>Whether events tell of the person's changes from now on, or nothing is to be seen before the next look.</summary>
    public void SetHeard(Identity account, bool isHeard)
    {
        lock (_gate)
        {
            if (_people.TryGetValue(account, out var person))
            {
                person.IsHeard = isHeard;
            }
        }
    }

    /// <summary>Those in chats of whom no event would tell, the longest ago first; they count as glanced at now.</summary>
    public IReadOnlyList<Identity> Glances(int most)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var due = _people
                .Where(entry => !entry.Value.IsHeard && entry.Value.Resources.Length > 0 && time.GetElapsedTime(entry.Value.Glanced, now) >= GlanceInterval)
                .OrderBy(entry => entry.Value.Glanced)
                .Take(most)
                .ToArray();
            foreach (var (_, person) in due)
            {
                person.Glanced = now;
            }

            return [.. due.Select(entry => entry.Key)];
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _people.Clear();
        }
    }

    private sealed class Person(int[] resources, int? hash, long looked)
    {
        public int[] Resources { get; set; } = resources;

        public int? Hash { get; set; } = hash;

        public long Looked { get; set; } = looked;

        public long Glanced { get; set; } = looked;

        public bool IsHeard { get; set; }
    }
}
