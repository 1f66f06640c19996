namespace Likeness.Beside.Mirroring;

/// <summary>Who is in chats at this moment, and when they were looked at because of it. It begins anew with each connection; somebody costs less than 100 bytes.</summary>
internal sealed class Online(TimeProvider time)
{
    /// <summary>People in chats are looked at so often, whatever is heard of them.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>So often it is asked, and nothing more, whether somebody in chats of whom no event would tell has an avatar now: their node is not there yet.</summary>
    public static readonly TimeSpan GlanceInterval = TimeSpan.FromSeconds(10);

    /// <summary>People that are remembered; whoever comes on top is found by the sweep.</summary>
    public const int MaxPeople = 200_000;

    private const int MaxResources = 64;
    private const int BlockLength = 1024;
    private readonly Lock _gate = new();
    private readonly NameTable _names = new();
    private readonly List<Person[]> _people = [];
    private readonly Dictionary<int, HashSet<int>> _more = [];
    private readonly long _start = time.GetTimestamp();
    private int _count;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>A presence came. True: look at the person, since nothing was seen of them yet in this connection, or for a while.</summary>
    /// <param name="hash">Of the photo, as the presence says; null: it says nothing.</param>
    public bool Came(Identity account, string? resource, string? hash)
    {
        lock (_gate)
        {
            var said = hash is null ? 0 : KeyOf(hash);
            var before = _names.Count;
            var number = before < MaxPeople ? _names.Add(account.Value) : _names.Find(account.Value);
            if (number < 0)
            {
                return true;
            }

            if (number == before)
            {
                if (number % BlockLength == 0)
                {
                    _people.Add(new Person[BlockLength]);
                }

                ref var added = ref At(number);
                added = new Person { Hash = said, Looked = Now, Glanced = Now };
                Enter(ref added, number, KeyOf(resource ?? ""));
                return true;
            }

            ref var person = ref At(number);
            Enter(ref person, number, KeyOf(resource ?? ""));

            // An old hash that goes on being said is looked into once in a while.
            if (Now - person.Looked < Interval.TotalSeconds && (said == 0 || said == person.Hash))
            {
                return false;
            }

            (person.Hash, person.Looked) = (said, Now);
            return true;
        }
    }

    public void Went(Identity account, string? resource)
    {
        lock (_gate)
        {
            if (_names.Find(account.Value) is var number and >= 0)
            {
                ref var person = ref At(number);
                var wasHere = person.IsHere;
                Leave(ref person, number, KeyOf(resource ?? ""));
                _count -= wasHere && !person.IsHere ? 1 : 0;
            }
        }
    }

    /// <summary>Those in chats whose last look is too long ago; they count as looked at now.</summary>
    public IReadOnlyList<Identity> Due(int most)
    {
        lock (_gate)
        {
            var due = new List<Identity>();
            for (var number = 0; number < _names.Count && due.Count < most; number++)
            {
                ref var person = ref At(number);
                if (person.IsHere && Now - person.Looked >= Interval.TotalSeconds)
                {
                    person.Looked = Now;
                    due.Add(new Identity(_names[number]));
                }
            }

            return due;
        }
    }

    /// <summary>Whether events tell of the person's changes from now on, or nothing is to be seen before the next look.</summary>
    public void SetHeard(Identity account, bool isHeard)
    {
        lock (_gate)
        {
            if (_names.Find(account.Value) is var number and >= 0)
            {
                At(number).IsHeard = isHeard;
            }
        }
    }

    /// <summary>Those in chats of whom no event would tell, the longest ago first; they count as glanced at now.</summary>
    public IReadOnlyList<Identity> Glances(int most)
    {
        lock (_gate)
        {
            var longest = new PriorityQueue<int, (int, int)>();
            for (var number = 0; number < _names.Count; number++)
            {
                ref var person = ref At(number);
                if (person is { IsHeard: false, IsHere: true } && Now - person.Glanced >= GlanceInterval.TotalSeconds)
                {
                    // What is taken out first was glanced at last.
                    longest.Enqueue(number, (-person.Glanced, -number));
                    if (longest.Count > most)
                    {
                        longest.Dequeue();
                    }
                }
            }

            var glances = new Identity[longest.Count];
            while (longest.TryDequeue(out var number, out _))
            {
                At(number).Glanced = Now;
                glances[longest.Count] = new Identity(_names[number]);
            }

            return glances;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _names.Clear();
            _people.Clear();
            _more.Clear();
            _count = 0;
        }
    }

    // Seconds since the start.
    private int Now => (int)time.GetElapsedTime(_start).TotalSeconds;

    private ref Person At(int number) => ref _people[number / BlockLength][number % BlockLength];

    // 0 stands for nothing.
    private static int KeyOf(string text) => text.GetHashCode(StringComparison.Ordinal) is var key and not 0 ? key : 1;

    private void Enter(ref Person person, int number, int resource)
    {
        if (person.First == resource || person.Second == resource)
        {
            return;
        }

        _count += person.IsHere ? 0 : 1;
        if (person.First == 0)
        {
            person.First = resource;
        }
        else if (person.Second == 0)
        {
            person.Second = resource;
        }
        else if (_more.TryGetValue(number, out var more))
        {
            _ = more.Count < MaxResources && more.Add(resource);
        }
        else
        {
            _more[number] = [resource];
        }
    }

    private void Leave(ref Person person, int number, int resource)
    {
        if (person.First == resource)
        {
            (person.First, person.Second) = (person.Second, 0);
        }
        else if (person.Second == resource)
        {
            person.Second = 0;
        }
        else if (!_more.TryGetValue(number, out var others) || !others.Remove(resource))
        {
            return;
        }

        // There are more only where the first two places are taken.
        if (_more.TryGetValue(number, out var more))
        {
            if (person.Second == 0)
            {
                person.Second = more.First();
                more.Remove(person.Second);
            }

            _ = more.Count == 0 && _more.Remove(number);
        }
    }

    /// <summary>Resources are hashes of their names; 0 is none. Times are seconds.</summary>
    private struct Person
    {
        public int First { get; set; }

        public int Second { get; set; }

        public int Hash { get; set; }

        public int Looked { get; set; }

        public int Glanced { get; set; }

        public bool IsHeard { get; set; }

        public readonly bool IsHere => First != 0;
    }
}
