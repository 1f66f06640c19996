using Likeness.Xmpp.Client.Avatars;
using Likeness.Xmpp.Payloads;

namespace Likeness.Xmpp.Tests.Client.Avatars;

/// <summary>Several resources of one account, a server with a vCard, and everything in any order that streams allow.</summary>
public sealed class VCardAvatarModelTests
{
    [Theory]
    [Trait("Requirement", "X153-T9")]
    [Trait("Requirement", "X153-7")]
    [InlineData(2, 0, 4000)]
    [InlineData(3, 0, 3000)]
    [InlineData(4, 0, 2000)]
    [InlineData(2, 1, 3000)]
    [InlineData(3, 1, 3000)]
    public void Whatever_happens_in_whatever_order_all_end_with_what_is_in_the_vCard(int conforming, int silent, int rounds)
    {
        for (var seed = 0; seed < rounds; seed++)
        {
            new Model(conforming, silent, seed).Run();
        }
    }

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(2, 0, 300_000)]
    [InlineData(4, 1, 300_000)]
    public void Whatever_happens_in_whatever_order_and_very_often(int conforming, int silent, int rounds) =>
        Whatever_happens_in_whatever_order_all_end_with_what_is_in_the_vCard(conforming, silent, rounds);

    [Theory]
    [Trait("Requirement", "X153-T9")]
    [InlineData(1)]
    [InlineData(2)]
    public void A_resource_that_contradicts_every_presence_is_not_argued_with_for_ever(int hashes)
    {
        var table = new VCardAvatarTable();
        table.Take(new AvatarEvent(AvatarEventKind.Begun));
        table.Take(new AvatarEvent(AvatarEventKind.Found, Hash: Hash(1)));
        var (presences, answers) = (0, 1);
        while (answers > 0 && presences < 1000)
        {
            answers--;
            foreach (var what in new[] { new AvatarEvent(AvatarEventKind.OtherPicture, "broken", Hash(presences % hashes + 7)), new AvatarEvent(AvatarEventKind.OtherNotReady, "broken") })
            {
                var acts = table.Take(what);
                presences += acts.HasFlag(AvatarActs.Announce) ? 1 : 0;
                answers += acts.HasFlag(AvatarActs.Announce) ? 1 : 0;
                if (acts.HasFlag(AvatarActs.Ask))
                {
                    var found = table.Take(new AvatarEvent(AvatarEventKind.Found, Hash: Hash(1)));
                    presences += found.HasFlag(AvatarActs.Announce) ? 1 : 0;
                    answers += found.HasFlag(AvatarActs.Announce) ? 1 : 0;
                }
            }
        }

        presences.ShouldBeLessThan(50);
        table.Hash.ShouldBe(Hash(1));
    }

    internal static string Hash(int picture) => picture.ToString("x40", null);

    /// <summary>Streams keep their order; between streams there is none, and an answer may come later than what happened behind it.</summary>
    private sealed class Model
    {
        private readonly Random _random;
        private readonly int _seed;
        private readonly List<Member> _members = [];
        private readonly List<string> _story = [];
        private string? _vCard;
        private int _pictures;
        private int _acts;
        private int _uploads;
        private int _presences;
        private int _readings;

        public Model(int conforming, int silent, int seed)
        {
            (_seed, _random) = (seed, new Random(seed));
            _vCard = _random.Next(2) == 0 ? null : Hash(1000);
            for (var index = 0; index < conforming + silent; index++)
            {
                _members.Add(new Member($"r{index}", index < conforming));
            }
        }

        public void Run()
        {
            var left = 12;
            var pace = _random.Next(2, 6);
            while (left > 0 || _members.Any(member => member.ToServer.Count + member.FromServer.Count + member.Slow.Count > 0))
            {
                if (left > 0 && _random.Next(pace) == 0)
                {
                    left--;
                    Act(_members[_random.Next(_members.Count)]);
                }
                else
                {
                    Move();
                }

                (_presences + _readings).ShouldBeLessThan(1000, Story());
            }

            Check();
        }

        private void Act(Member member)
        {
            _acts++;
            switch (_random.Next(6))
            {
                // Who goes in the middle of a change tells nobody of it: nothing in the protocol could.
                case 0 when member is { IsOnline: true, IsUploading: false }:
                    _story.Add($"{member.Name} leaves");
                    member.IsOnline = false;
                    member.FromServer.Clear();
                    member.Slow.Clear();
                    member.ToServer.Enqueue(new Message(member.Stream, Kind.Leave));
                    break;
                case < 3 when member.IsOnline && !member.IsUploading:
                    var picture = _random.Next(4) == 0 ? null : Hash(++_pictures);
                    _story.Add($"{member.Name} sets {Short(picture)}");
                    _uploads++;
                    member.IsUploading = member.IsConforming;
                    if (member.IsConforming)
                    {
                        Follow(member, member.Table.Take(new AvatarEvent(AvatarEventKind.Uploading)));
                    }

                    member.ToServer.Enqueue(new Message(member.Stream, Kind.Set, picture));
                    break;
                case 3 when member.IsOnline:
                    _story.Add($"{member.Name} changes its status");
                    Speak(member);
                    break;
                case > 3 when !member.IsOnline:
                    _story.Add($"{member.Name} comes");
                    (member.IsOnline, member.IsUploading) = (true, false);
                    member.Stream++;
                    member.ToServer.Enqueue(new Message(member.Stream, Kind.Come));
                    if (member.IsConforming)
                    {
                        Follow(member, member.Table.Take(new AvatarEvent(AvatarEventKind.Begun)));
                    }
                    else
                    {
                        Speak(member);
                    }

                    break;
            }
        }

        private void Move()
        {
            foreach (var slow in _members.Where(slow => slow.Slow.Count > 0 && _random.Next(3) == 0))
            {
                var index = _random.Next(slow.Slow.Count);
                slow.FromServer.Enqueue(slow.Slow[index]);
                slow.Slow.RemoveAt(index);
            }

            var queues = _members.SelectMany(member => new[] { (Member: member, Up: true), (Member: member, Up: false) })
                .Where(one => (one.Up ? one.Member.ToServer.Count : one.Member.FromServer.Count) > 0).ToArray();
            if (queues.Length == 0)
            {
                return;
            }

            var (member, up) = queues[_random.Next(queues.Length)];
            if (up)
            {
                Serve(member, member.ToServer.Dequeue());
            }
            else
            {
                Receive(member, member.FromServer.Dequeue());
            }
        }

        private void Serve(Member from, Message message)
        {
            switch (message.Kind)
            {
                case Kind.Come:
                    from.Bound = message.Stream;
                    break;
                case Kind.Leave:
                    (from.Bound, from.Shown) = (0, false);
                    Tell(from, new AvatarEvent(AvatarEventKind.OtherGone, from.Name));
                    break;
                case Kind.Set:
                    _vCard = message.Hash;
                    _story.Add($"the vCard is {Short(_vCard)}");
                    Answer(from, message, new AvatarEvent(message.Hash is null ? AvatarEventKind.Removed : AvatarEventKind.Uploaded, Hash: message.Hash));
                    break;
                case Kind.Get:
                    Answer(from, message, new AvatarEvent(_vCard is null ? AvatarEventKind.Missing : AvatarEventKind.Found, Hash: _vCard));
                    break;
                default:
                    // Who comes is told of those who are there.
                    if (!from.Shown)
                    {
                        from.Shown = true;
                        foreach (var other in _members.Where(other => other != from && other.Shown && from.IsReached && message.Stream == from.Stream))
                        {
                            from.FromServer.Enqueue(other.Last);
                        }
                    }

                    from.Last = Said(from.Name, message.Shape);
                    Tell(from, from.Last);
                    break;
            }
        }

        private void Tell(Member from, AvatarEvent what)
        {
            foreach (var other in _members.Where(other => other != from && other.IsReached))
            {
                other.FromServer.Enqueue(what);
            }
        }

        private void Answer(Member member, Message message, AvatarEvent what)
        {
            if (member.IsReached && message.Stream == member.Stream)
            {
                if (_random.Next(2) == 0)
                {
                    member.Slow.Add(what);
                }
                else
                {
                    member.FromServer.Enqueue(what);
                }
            }
        }

        private void Receive(Member member, AvatarEvent what)
        {
            _story.Add($"{member.Name} hears {what.Kind} {what.Resource} {Short(what.Hash)}");
            if (what.Kind is AvatarEventKind.Uploaded or AvatarEventKind.Removed)
            {
                member.IsUploading = false;
            }

            if (member.IsConforming)
            {
                Follow(member, member.Table.Take(what));
            }
        }

        private void Follow(Member member, AvatarActs acts)
        {
            if (acts.HasFlag(AvatarActs.Announce))
            {
                Speak(member);
            }

            if (acts.HasFlag(AvatarActs.Ask))
            {
                _readings++;
                member.ToServer.Enqueue(new Message(member.Stream, Kind.Get));
            }
        }

        private void Speak(Member member)
        {
            _presences++;
            _story.Add($"{member.Name} says {(member.IsConforming ? $"{member.Table.Phase} {Short(member.Table.Hash)}" : "nothing")}");
            member.ToServer.Enqueue(new Message(member.Stream, Kind.Presence, Shape: member.IsConforming ? member.Table.Shape : new PhotoUpdate(PhotoUpdateKind.Absent)));
        }

        private void Check()
        {
            var quiet = !_members.Any(member => member is { IsConforming: false, IsOnline: true });
            foreach (var member in _members.Where(member => member is { IsConforming: true, IsOnline: true }))
            {
                if (quiet)
                {
                    member.Table.Phase.ShouldBe(_vCard is null ? AvatarPhase.NoPicture : AvatarPhase.Picture, Story());
                    member.Table.Hash.ShouldBe(_vCard, Story());
                    member.Last.Hash.ShouldBe(_vCard, Story());
                }
            }

            // Never more than a few presences and readings for each thing that anybody did.
            (_presences + _readings).ShouldBeLessThan(8 * _members.Count * (_acts + 1), Story());
        }

        private string Story() => $"seed {_seed}\n{string.Join('\n', _story)}\nthe vCard is {Short(_vCard)}";

        private static string Short(string? hash) => hash?.TrimStart('0') ?? "-";

        private static AvatarEvent Said(string name, PhotoUpdate shape) => shape.Kind switch
        {
            PhotoUpdateKind.Picture => new AvatarEvent(AvatarEventKind.OtherPicture, name, shape.Hash),
            PhotoUpdateKind.NoPicture => new AvatarEvent(AvatarEventKind.OtherNone, name),
            PhotoUpdateKind.Absent => new AvatarEvent(AvatarEventKind.OtherSilent, name),
            _ => new AvatarEvent(AvatarEventKind.OtherNotReady, name),
        };

        private enum Kind
        {
            Come,
            Leave,
            Presence,
            Set,
            Get,
        }

        private readonly record struct Message(int Stream, Kind Kind, string? Hash = null, PhotoUpdate Shape = default);

        private sealed class Member(string name, bool isConforming)
        {
            public string Name => name;

            public bool IsConforming => isConforming;

            public VCardAvatarTable Table { get; } = new();

            public Queue<Message> ToServer { get; } = new();

            public Queue<AvatarEvent> FromServer { get; } = new();

            /// <summary>Answers that the server has not got to the end of.</summary>
            public List<AvatarEvent> Slow { get; } = [];

            public bool IsOnline { get; set; }

            public bool IsUploading { get; set; }

            /// <summary>The stream that the server knows.</summary>
            public int Bound { get; set; }

            public bool IsReached => IsOnline && Bound == Stream;

            public bool Shown { get; set; }

            public int Stream { get; set; }

            public AvatarEvent Last { get; set; }
        }
    }
}
