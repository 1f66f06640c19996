using System.Globalization;
using System.Text;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Rooms;

/// <summary>A client that is in a room.</summary>
/// <param name="jid">Its own full address; how it is reached the router knows.</param>
/// <param name="presence">What it says of itself, without what it must not say.</param>
internal sealed class OccupantSession(Jid jid, Occupant occupant, Element presence)
{
    private OccupantPace _pace;

    public Jid Jid => jid;

    public Occupant Occupant { get; set; } = occupant;

    public Element Presence { get; set; } = presence;

    /// <summary>Taken of while the room's turn is held.</summary>
    public ref OccupantPace Pace => ref _pace;

    /// <summary>The picture in its presence was taken away by the room because it may not be seen any more.</summary>
    public bool IsPictureWithdrawn { get; set; }

    /// <summary>How much there is to be had from somebody who says this (XEP-0045 §7.2.8: the "most available" one is shown).</summary>
    public int Availability => Presence.Child("show")?.Text() switch
    {
        "chat" => 4,
        "away" => 2,
        "dnd" => 1,
        "xa" => 0,
        _ => 3,
    };
}

/// <summary>A person in a room under a nick, with one client or several.</summary>
/// <param name="address">The occupant's own address in the room.</param>
/// <param name="person">The bare address of who it is.</param>
/// <param name="id">The same for this person in this room always (XEP-0421).</param>
internal sealed class Occupant(Jid address, Jid person, string id)
{
    public Jid Address => address;

    public string Nick => address.Resource!;

    /// <summary>What no other nick in the room may look like.</summary>
    public string Key { get; } = Occupants.KeyOf(address.Resource!);

    public Jid Person => person;

    public string Id => id;

    public Role Role { get; set; }

    public Affiliation Affiliation { get; set; }

    /// <summary>It has come a moment ago, and the others are not shown it yet.</summary>
    public bool IsUnseen { get; set; }

    /// <summary>Never empty while the occupant is in the room.</summary>
    public OccupantSession[] Sessions { get; private set; } = [];

    /// <summary>Whose presence the others see.</summary>
    public OccupantSession Shown { get; private set; } = null!;

    /// <summary>The presence as those get it who may see real addresses; null: not written yet.</summary>
    public PreparedStanza? Open { get; private set; }

    /// <summary>The presence as all others get it; null: not written yet.</summary>
    public PreparedStanza? Closed { get; private set; }

    public PreparedStanza Prepare(bool isOpen, Func<PreparedStanza> write) => isOpen ? Open ??= write() : Closed ??= write();

    /// <summary>Something the presence shows is another thing now.</summary>
    public void Changed() => Open = Closed = null;

    /// <summary>True: the others are shown something else.</summary>
    public bool Add(OccupantSession session)
    {
        Sessions = [.. Sessions, session];
        return Choose();
    }

    /// <inheritdoc cref="Add"/>
    public bool Remove(OccupantSession session)
    {
        Sessions = [.. Sessions.Where(one => one != session)];
        return Sessions.Length > 0 && Choose();
    }

    /// <summary>A client said something new of itself. True: the others are shown something else.</summary>
    public bool Update(OccupantSession session, Element presence)
    {
        session.Presence = presence;
        if (session == Shown)
        {
            Changed();
            Choose();
            return true;
        }

        return Choose();
    }

    private bool Choose()
    {
        var best = Sessions[^1];
        foreach (var session in Sessions)
        {
            if (session.Availability > best.Availability)
            {
                best = session;
            }
        }

        if (Shown is not null && Sessions.Contains(Shown) && Shown.Availability >= best.Availability)
        {
            return false;
        }

        Shown = best;
        Changed();
        return true;
    }
}

/// <summary>Everybody in a room, by nick and by client. A handful is looked through; a crowd has tables.</summary>
internal sealed class Occupants
{
    private const int Handful = 8;
    private Dictionary<string, Occupant>? _byNick;
    private Dictionary<Jid, OccupantSession>? _bySession;

    /// <summary>Nicks, not clients.</summary>
    public int Count => All.Length;

    /// <summary>Not changed any more: who comes or goes makes another one.</summary>
    public Occupant[] All { get; private set; } = [];

    public Occupant? Named(string nick)
    {
        var key = KeyOf(nick);
        return _byNick is null ? Array.Find(All, occupant => occupant.Key == key) : _byNick.GetValueOrDefault(key);
    }

    public OccupantSession? Find(Jid session)
    {
        if (_bySession is not null)
        {
            return _bySession.GetValueOrDefault(session);
        }

        foreach (var occupant in All)
        {
            foreach (var one in occupant.Sessions)
            {
                if (one.Jid == session)
                {
                    return one;
                }
            }
        }

        return null;
    }

    /// <summary>The nicks of one person, usually one.</summary>
    public IEnumerable<Occupant> Of(string person) => All.Where(occupant => occupant.Person.Text == person);

    /// <returns>True: the others are shown something else.</returns>
    public bool Add(Occupant occupant, OccupantSession session)
    {
        if (occupant.Sessions.Length == 0)
        {
            All = [.. All, occupant];
            _byNick?.Add(occupant.Key, occupant);
        }

        session.Occupant = occupant;
        _bySession?.Add(session.Jid, session);
        var isChanged = occupant.Add(session);
        if (_byNick is null && All.Length > Handful)
        {
            _byNick = All.ToDictionary(one => one.Key, StringComparer.Ordinal);
            _bySession = All.SelectMany(one => one.Sessions).ToDictionary(one => one.Jid);
        }

        return isChanged;
    }

    /// <returns>True: the others are shown something else; when it was the last client, nothing any more.</returns>
    public bool Remove(OccupantSession session)
    {
        _bySession?.Remove(session.Jid);
        var occupant = session.Occupant;
        var isChanged = occupant.Remove(session);
        if (occupant.Sessions.Length > 0)
        {
            return isChanged;
        }

        _byNick?.Remove(occupant.Key);
        All = Array.FindAll(All, one => one != occupant);
        return true;
    }

    /// <summary>Nicks that look alike are one: letters are compared without case, runs of spaces and what cannot be seen do not count.</summary>
    public static string KeyOf(string nick)
    {
        if (IsPlain(nick))
        {
            return nick;
        }

        var key = new StringBuilder(nick.Length);
        foreach (var character in nick.Normalize(NormalizationForm.FormKC).ToUpperInvariant().ToLowerInvariant())
        {
            if (char.IsWhiteSpace(character))
            {
                key.Append(key.Length > 0 && key[^1] != ' ' ? " " : "");
            }
            else if (char.GetUnicodeCategory(character) is not (UnicodeCategory.Format or UnicodeCategory.Control))
            {
                key.Append(character);
            }
        }

        return key.ToString().TrimEnd();
    }

    private static bool IsPlain(string nick)
    {
        foreach (var character in nick)
        {
            if (character is not ((>= 'a' and <= 'z') or (>= '0' and <= '9')))
            {
                return false;
            }
        }

        return true;
    }
}
