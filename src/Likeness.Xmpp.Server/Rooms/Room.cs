using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Likeness.Stores;
using Likeness.Xmpp.Server.Archive;
using Likeness.Xmpp.Server.Routing;

namespace Likeness.Xmpp.Server.Rooms;

/// <summary>
/// A room in memory: there while somebody is in it, or while it was asked for lately. Whoever reads or changes it holds
/// <see cref="Order"/>, so that everybody sees one order of everything that happens in it.
/// </summary>
internal sealed class Room(Jid address, RoomRecord record)
{
    /// <summary>People and domains that are something in one room.</summary>
    public const int MaxStandings = 5000;

    private const int MaxRemoved = 50;
    private static readonly TimeSpan RemovedFor = TimeSpan.FromSeconds(10);
    private readonly SmallTable<Standing> _standings = new();
    private List<(Jid Session, DateTimeOffset Time)>? _removed;

    public Jid Address => address;

    /// <summary>One at a time; no room waits for another.</summary>
    public AsyncLock Order { get; } = new();

    /// <summary>What is kept of it.</summary>
    public RoomRecord Record { get; private set; } = record;

    public RoomConfiguration Configuration { get; private set; } =
        record.Configuration.Length == 0 ? RoomConfiguration.Default : RoomConfiguration.Read(record.Configuration);

    public Identity Identity => new(address.Text);

    public Occupants Occupants { get; } = new();

    /// <summary>Null: nothing was said yet.</summary>
    public RoomHistory? History { get; private set; }

    /// <summary>Where what is said is kept; null: nowhere.</summary>
    public MessageArchive? Archive { get; set; }

    /// <summary>Null: nobody asked anybody anything yet.</summary>
    public PendingQuestions? Questions { get; private set; }

    /// <summary>Since when it waits for its owner's first configuration; nobody else enters meanwhile (XEP-0045 §10.1.1). Null: it does not.</summary>
    public DateTimeOffset? LockedSince { get; set; }

    /// <summary>It is no more, or another object in memory is it: look for it again.</summary>
    public bool IsGone { get; set; }

    /// <summary>When the last messages that wait for being stored have been sent to everybody.</summary>
    public Task Said { get; set; } = Task.CompletedTask;

    /// <summary>Occupants whose client was found gone while something was sent.</summary>
    public List<OccupantSession>? Ghosts { get; set; }

    /// <summary>Occupants of a large room whose coming, or other presence, the others are shown together in a moment; null: none.</summary>
    public HashSet<Occupant>? Gathered { get; set; }

    /// <summary>By the address of the person or domain.</summary>
    public SmallTable<Standing> Standings => _standings;

    public RoomHistory Remember() => History ??= new RoomHistory();

    public PendingQuestions Ask() => Questions ??= new PendingQuestions();

    public void Take(RoomRecord kept)
    {
        if (kept.Configuration != Record.Configuration)
        {
            Configuration = RoomConfiguration.Read(kept.Configuration);
        }

        Record = kept;
    }

    public void Take(RoomAffiliation changed)
    {
        if (StandingWords.Affiliation(changed.Affiliation) is { } affiliation and not Affiliation.None)
        {
            _standings.Set(changed.Person, Standing.Of(affiliation, changed.Nick, changed.Reason));
        }
        else
        {
            _standings.Remove(changed.Person);
        }
    }

    /// <summary>What a person is here; a ban may stand against a whole domain.</summary>
    public Affiliation AffiliationOf(Jid person) =>
        _standings.Find(person.BareText)?.Affiliation
        ?? _standings.Find(person.Domain)?.Affiliation
        ?? Affiliation.None;

    /// <summary>What an occupant may do when nothing else was decided (XEP-0045 §5.1.2).</summary>
    public Role DefaultRole(Affiliation affiliation) => affiliation switch
    {
        Affiliation.Owner or Affiliation.Admin => Role.Moderator,
        Affiliation.Outcast => Role.None,
        Affiliation.None when Configuration.IsModerated => Role.Visitor,
        _ => Role.Participant,
    };

    public bool SeesAddresses(Occupant viewer) => Configuration.IsNonAnonymous || viewer.Role == Role.Moderator;

    /// <summary>Whether this occupant is shown occupants of that role.</summary>
    public bool Sees(Occupant viewer, Role role) => viewer.Role == Role.Moderator || Configuration.ShownRoles.Contains(role);

    /// <summary>Somebody else is here under the nick, or it is kept for somebody else.</summary>
    public bool IsTaken(string nick, Jid person) => (Occupants.Named(nick) is { } there && there.Person != person.Bare) || IsReserved(nick, person);

    /// <summary>The nick is kept for somebody else.</summary>
    public bool IsReserved(string nick, Jid person)
    {
        foreach (var (owner, standing) in _standings)
        {
            if (standing.Nick is { } reserved && owner != person.BareText && Occupants.KeyOf(reserved) == Occupants.KeyOf(nick))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same for a person in this room, another one in every other room (XEP-0421 §4.1).</summary>
    public string OccupantIdOf(Jid person) => System.Buffers.Text.Base64Url.EncodeToString(HMACSHA256.HashData(Record.OccupantKey, Encoding.UTF8.GetBytes(person.BareText)));

    /// <summary>A client was put out: what it still sends, unaware of it, is no wish to come back.</summary>
    public void PutOut(Jid session, DateTimeOffset now)
    {
        _removed ??= [];
        _removed.RemoveAll(removed => now - removed.Time > RemovedFor);
        if (_removed.Count < MaxRemoved)
        {
            _removed.Add((session, now));
        }
    }

    public bool WasPutOut(Jid session, DateTimeOffset now) =>
        _removed?.Exists(removed => removed.Session == session && now - removed.Time <= RemovedFor) == true;

    /// <summary>Addresses of clients of this person that are in the room.</summary>
    public ImmutableArray<OccupantSession> SessionsOf(string person) => [.. Occupants.Of(person).SelectMany(occupant => occupant.Sessions)];
}
