using Likeness.Xmpp.Payloads;

namespace Likeness.Xmpp.Client.Avatars;

/// <summary>What a resource says of the account's picture in its presence (XEP-0153 §4.1).</summary>
[Flags]
internal enum AvatarPhase
{
    /// <summary><c>&lt;x/&gt;</c>: the vCard could not be read.</summary>
    Unknown = 1,

    /// <summary><c>&lt;x/&gt;</c>: the vCard is being read.</summary>
    Fetching = 2,

    /// <summary>The hash.</summary>
    Picture = 4,

    /// <summary>An empty photo.</summary>
    NoPicture = 8,

    /// <summary><c>&lt;x/&gt;</c>: a resource that knows nothing of hashes may change the vCard at any time (§4.3).</summary>
    Muted = 16,

    Any = Unknown | Fetching | Picture | NoPicture | Muted,
}

internal enum AvatarEventKind
{
    /// <summary>A session begins; a resumed one does not.</summary>
    Begun,

    /// <summary>The vCard has this picture.</summary>
    Found,

    /// <summary>There is no vCard, or none with a picture.</summary>
    Missing,

    /// <summary>The vCard could not be read.</summary>
    Failed,

    /// <summary>Another resource's presence says nothing.</summary>
    OtherSilent,

    /// <summary>Another resource is not ready.</summary>
    OtherNotReady,

    /// <summary>Another resource says that there is no picture.</summary>
    OtherNone,

    /// <summary>Another resource says this hash.</summary>
    OtherPicture,

    OtherGone,

    /// <summary>The user's change is on its way to the server.</summary>
    Uploading,

    /// <summary>The server has the user's new picture.</summary>
    Uploaded,

    /// <summary>The server has taken the picture away, as the user wished.</summary>
    Removed,

    /// <summary>The server has refused the user's change.</summary>
    Refused,
}

/// <param name="Resource">Whose presence it was.</param>
/// <param name="Hash">In lower case.</param>
/// <param name="Now">For how often a resource may be in dispute.</param>
internal readonly record struct AvatarEvent(AvatarEventKind Kind, string? Resource = null, string? Hash = null, DateTimeOffset Now = default);

[Flags]
internal enum AvatarActs
{
    None = 0,

    /// <summary>Send the last presence again, with what is said now.</summary>
    Announce = 1,

    /// <summary>Get the own vCard.</summary>
    Ask = 2,

    /// <summary>Take back what was said.</summary>
    Withdraw = 4,

    /// <summary>§4.4: say nothing until the vCard was read.</summary>
    Reset = Announce | Ask | Withdraw,
}

/// <summary>
/// XEP-0153 §4.2 to §4.4: what several resources of one account say of its picture, as a table of phases and events. It never uploads: only the
/// user does. Whatever the others do, each of their presences leads to at most two of ours and two readings of the vCard.
/// </summary>
internal sealed class VCardAvatarTable
{
    private const int MaxDisputes = 20;
    private const int MaxResources = 200;
    private const string NoHash = "?";
    private static readonly TimeSpan DisputePeriod = TimeSpan.FromHours(1);

    private static readonly Rule[] Rules =
    [
        new("session", AvatarPhase.Any, AvatarEventKind.Begun, AvatarPhase.Fetching, AvatarActs.Announce | AvatarActs.Ask),

        new("found again", AvatarPhase.Fetching | AvatarPhase.Picture | AvatarPhase.NoPicture, AvatarEventKind.Found, null, AvatarActs.Ask) { When = static (table, _) => table._again },
        new("missing again", AvatarPhase.Fetching | AvatarPhase.Picture | AvatarPhase.NoPicture, AvatarEventKind.Missing, null, AvatarActs.Ask) { When = static (table, _) => table._again },
        new("failed again", AvatarPhase.Fetching | AvatarPhase.Picture | AvatarPhase.NoPicture, AvatarEventKind.Failed, null, AvatarActs.Ask) { When = static (table, _) => table._again },
        new("found late", AvatarPhase.Any, AvatarEventKind.Found, null, AvatarActs.None) { When = static (table, _) => table._isStale },
        new("missing late", AvatarPhase.Any, AvatarEventKind.Missing, null, AvatarActs.None) { When = static (table, _) => table._isStale },
        new("found", AvatarPhase.Fetching, AvatarEventKind.Found, AvatarPhase.Muted, AvatarActs.None) { When = static (table, _) => table._silent.Count > 0 },
        new("found", AvatarPhase.Fetching, AvatarEventKind.Found, AvatarPhase.Picture, AvatarActs.Announce),
        new("missing", AvatarPhase.Fetching, AvatarEventKind.Missing, AvatarPhase.Muted, AvatarActs.None) { When = static (table, _) => table._silent.Count > 0 },
        new("missing", AvatarPhase.Fetching, AvatarEventKind.Missing, AvatarPhase.NoPicture, AvatarActs.Announce),
        new("failed", AvatarPhase.Fetching, AvatarEventKind.Failed, AvatarPhase.Unknown, AvatarActs.None),
        new("looked, the same", AvatarPhase.Picture | AvatarPhase.NoPicture, AvatarEventKind.Found, null, AvatarActs.None) { When = static (table, what) => table.Hash == what.Hash },
        new("looked, another", AvatarPhase.Picture | AvatarPhase.NoPicture, AvatarEventKind.Found, AvatarPhase.Picture, AvatarActs.Announce),
        new("looked, none", AvatarPhase.Picture, AvatarEventKind.Missing, AvatarPhase.NoPicture, AvatarActs.Announce),

        new("one that knows nothing", AvatarPhase.Picture | AvatarPhase.NoPicture, AvatarEventKind.OtherSilent, AvatarPhase.Muted, AvatarActs.Announce),
        new("the last of those left", AvatarPhase.Muted | AvatarPhase.Picture | AvatarPhase.NoPicture, null, AvatarPhase.Fetching, AvatarActs.Reset) { When = static (table, _) => table._isLastSilentGone },
        new("another took it away", AvatarPhase.Picture, AvatarEventKind.OtherNone, null, AvatarActs.Ask) { When = static (table, what) => table.Admits(what) },
        new("another picture", AvatarPhase.Picture | AvatarPhase.NoPicture, AvatarEventKind.OtherPicture, AvatarPhase.Fetching, AvatarActs.Reset) { When = static (table, what) => table.Hash != what.Hash && table.Admits(what) },
        new("another knows more", AvatarPhase.Unknown, AvatarEventKind.OtherNone, AvatarPhase.Fetching, AvatarActs.Reset) { When = static (table, what) => table.Admits(what) },
        new("another knows more", AvatarPhase.Unknown, AvatarEventKind.OtherPicture, AvatarPhase.Fetching, AvatarActs.Reset) { When = static (table, what) => table.Admits(what) },

        new("set", AvatarPhase.Any, AvatarEventKind.Uploaded, AvatarPhase.Picture, AvatarActs.Announce),
        new("taken away", AvatarPhase.Any, AvatarEventKind.Removed, AvatarPhase.NoPicture, AvatarActs.Announce),
    ];

    // Resources without the element (NC); what others said last; what they said while we did not know better.
    private readonly HashSet<string> _silent = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _answered = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (DateTimeOffset Since, int Count)> _disputes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _heard = new(StringComparer.Ordinal);
    private string? _settled;
    private bool _isAsking;
    private bool _isUploading;
    private bool _isStale;
    private bool _again;
    private bool _isLastSilentGone;

    public AvatarPhase Phase { get; private set; } = AvatarPhase.Unknown;

    /// <summary>What is announced in <see cref="AvatarPhase.Picture"/>; else null.</summary>
    public string? Hash { get; private set; }

    /// <summary>What every presence says now.</summary>
    public PhotoUpdate Shape => Phase switch
    {
        AvatarPhase.Picture => new PhotoUpdate(PhotoUpdateKind.Picture, Hash),
        AvatarPhase.NoPicture => new PhotoUpdate(PhotoUpdateKind.NoPicture),
        _ => new PhotoUpdate(PhotoUpdateKind.NotReady),
    };

    /// <summary>What follows from an event. After <see cref="AvatarActs.Ask"/> exactly one of found, missing and failed has to come.</summary>
    public AvatarActs Take(AvatarEvent what)
    {
        Hear(what);
        var rule = Array.Find(Rules, rule => rule.From.HasFlag(Phase) && (rule.On is null || rule.On == what.Kind) && rule.When?.Invoke(this, what) != false);
        var isOver = End(what);
        var acts = AvatarActs.None;
        if (rule is not null)
        {
            acts = rule.Acts;
            (Phase, Hash) = rule.To switch
            {
                null => (Phase, Hash),
                AvatarPhase.Picture => (AvatarPhase.Picture, what.Hash),
                { } next => (next, null),
            };
        }

        if (Phase is AvatarPhase.Picture or AvatarPhase.NoPicture && (Hash != _settled || what.Kind is AvatarEventKind.Uploaded or AvatarEventKind.Removed))
        {
            // What others said was about what was there before; who says it again means what is there now.
            _settled = Hash;
            _answered.Clear();
        }

        if (isOver && IsDoubted())
        {
            // Others said something else meanwhile: the vCard decides. What the user did is announced all the same (§4.2).
            if (what.Kind is AvatarEventKind.Uploaded or AvatarEventKind.Removed)
            {
                acts |= AvatarActs.Ask;
            }
            else
            {
                acts = what.Kind is AvatarEventKind.Found or AvatarEventKind.Missing ? AvatarActs.Ask : AvatarActs.Reset;
                (Phase, Hash) = (AvatarPhase.Fetching, null);
            }
        }

        return Ask(acts);
    }

    private void Hear(AvatarEvent what)
    {
        _isLastSilentGone = false;
        switch (what.Kind)
        {
            case AvatarEventKind.Begun:
                _silent.Clear();
                _answered.Clear();
                _heard.Clear();
                _settled = null;
                (_isAsking, _isUploading, _isStale, _again) = (false, false, false, false);
                break;
            case AvatarEventKind.OtherSilent when _silent.Count < MaxResources:
                _silent.Add(what.Resource!);
                break;
            case AvatarEventKind.OtherNotReady or AvatarEventKind.OtherNone or AvatarEventKind.OtherPicture or AvatarEventKind.OtherGone:
                _isLastSilentGone = _silent.Remove(what.Resource!) && _silent.Count == 0;
                var said = what.Kind is AvatarEventKind.OtherNone or AvatarEventKind.OtherPicture ? what.Hash ?? "" : null;
                if (_answered.GetValueOrDefault(what.Resource!) != said)
                {
                    _answered.Remove(what.Resource!);
                }

                // A resource that knew nothing of hashes may have done anything before it left.
                said = _isLastSilentGone ? NoHash : said;
                if (said is not null && _heard.Count < MaxResources && (Phase == AvatarPhase.Fetching || _isUploading))
                {
                    _heard[what.Resource!] = said;
                }

                break;
        }
    }

    // Ends what was on its way. True: nothing is any more, so that what was heard meanwhile can be judged.
    private bool End(AvatarEvent what)
    {
        switch (what.Kind)
        {
            case AvatarEventKind.Found or AvatarEventKind.Missing or AvatarEventKind.Failed:
                var isLate = _isStale;
                (_isAsking, _isStale, _again) = (false, false, false);
                return !isLate && !_isUploading && what.Kind != AvatarEventKind.Failed;
            case AvatarEventKind.Uploading:
                _isUploading = true;
                return false;
            case AvatarEventKind.Uploaded or AvatarEventKind.Removed:
                // What is being read may be what was there before.
                (_isUploading, _isStale, _again) = (false, _isAsking, false);
                return true;
            case AvatarEventKind.Refused:
                _isUploading = false;
                return !_isAsking;
            default:
                return false;
        }
    }

    private bool IsDoubted()
    {
        var said = Hash ?? "";
        var isDoubted = Phase is AvatarPhase.Picture or AvatarPhase.NoPicture && _heard.Values.Any(heard => heard != said);
        foreach (var (resource, heard) in _heard)
        {
            Remember(resource, heard);
        }

        _heard.Clear();
        return isDoubted;
    }

    // One reading at a time: another one that is wanted meanwhile comes behind it.
    private AvatarActs Ask(AvatarActs acts)
    {
        if (!acts.HasFlag(AvatarActs.Ask))
        {
            return acts;
        }

        if (_isAsking)
        {
            _again = true;
            return acts & AvatarActs.Announce;
        }

        _isAsking = true;
        return acts & (AvatarActs.Announce | AvatarActs.Ask);
    }

    // A hash that a resource only repeats was answered before; one that is in dispute all the time is not listened to.
    // Who repeats that there is none has perhaps taken another one away: looking tells nobody, so nobody would contradict.
    private bool Admits(AvatarEvent what)
    {
        var said = what.Hash ?? "";
        if (said.Length > 0 && _answered.GetValueOrDefault(what.Resource!) == said)
        {
            return false;
        }

        Remember(what.Resource!, said);
        var (since, count) = _disputes.GetValueOrDefault(what.Resource!);
        if (count == 0 || what.Now - since > DisputePeriod)
        {
            (since, count) = (what.Now, 0);
        }

        if (count >= MaxDisputes || (_disputes.Count >= MaxResources && !_disputes.ContainsKey(what.Resource!)))
        {
            return false;
        }

        _disputes[what.Resource!] = (since, count + 1);
        return true;
    }

    private void Remember(string resource, string said)
    {
        if (_answered.Count < MaxResources || _answered.ContainsKey(resource))
        {
            _answered[resource] = said;
        }
    }

    /// <param name="On">Null: any event.</param>
    /// <param name="To">Null: the same phase.</param>
    private sealed record Rule(string Name, AvatarPhase From, AvatarEventKind? On, AvatarPhase? To, AvatarActs Acts)
    {
        public Func<VCardAvatarTable, AvatarEvent, bool>? When { get; init; }
    }
}
