using Likeness.Accounts;
using Likeness.Beside.Accounts;
using Likeness.Beside.Connections;
using Likeness.Beside.Mirroring;
using Likeness.Imaging;
using Likeness.Stores;
using Likeness.Xmpp;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.Logging;

namespace Likeness.Beside;

/// <summary>
/// One chat server that stays as it is, and this server beside it. What people do in chats never waits for it; what is heard of
/// their avatars is compared with what is here, and what is changed here is brought there.
/// </summary>
public sealed partial class BesideServer : IPortraitListener, IComponentEvents, IDisposable
{
    /// <summary>Accounts that wait to be looked at because something was heard of them.</summary>
    public const int MaxWaiting = 10_000;

    /// <summary>Accounts that are looked at or written at once.</summary>
    public const int Window = 8;

    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly IBesideStore _store;
    private readonly PortraitBook _book;
    private readonly ComponentLink _link;
    private readonly AvatarWriter _writer;
    private readonly EjabberdApi? _api;
    private readonly Mirror _mirror;
    private readonly Delivery _delivery;
    private readonly Pace _pace;
    private readonly Online _online;
    private readonly WorkQueue _work;
    private readonly Delays _writes;
    private readonly Delays _looks;
    private readonly AccountLists _lists;
    private readonly Rounds _rounds;

    public BesideServer(BesideOptions options, PortraitBook book, IBesideStore store, IAlbumStore albums, ImageGate gate, IImageRenderer renderer, TimeProvider time, ILogger<BesideServer> log, AccountBook? accounts = null)
    {
        (Options, _time, _log, _store, _book) = (options, time, log, store, book);
        _link = new ComponentLink(options, time, log);
        _api = options.Api is { } api ? new EjabberdApi(api) : null;
        var reader = new AvatarReader(_link, options);
        _writer = new AvatarWriter(_link, reader, _api, options, time);
        _mirror = new Mirror(options, reader, _writer, book, store, albums, gate, renderer, Counters, time, log);
        _delivery = new Delivery(reader, _writer, _mirror, options.Name, book, store, Counters, time, log);
        _pace = new Pace(options.Rate, time);
        _online = new Online(time);
        _writes = new Delays(time);
        _looks = new Delays(time);
        _work = new WorkQueue(Window, MaxWaiting, Do);
        _lists = new AccountLists(options, _link, _api, book, store, time, log, accounts);
        _rounds = new Rounds(options, _link, _writer, _lists, store, _online, _work, _writes, _looks, _pace, time, log);
    }

    public BesideOptions Options { get; }

    public BesideCounters Counters { get; } = new();

    /// <summary>Whether it works, in a few words that strangers may read.</summary>
    public (bool Works, string Text) Health => _link.IsConnected
        ? _writer.WayOf(Options.Domains[0]) == WriteWay.None ? (true, "connected, reads only") : (true, "connected")
        : (false, _link.Problem is null ? "is not connected yet" : "is not connected");

    /// <summary>Accounts that are to be looked at or written.</summary>
    public int Waiting => _work.Count;

    /// <summary>Accounts by state, as they were counted lately; none before the first connection.</summary>
    public IReadOnlyList<BesideCount> Census => _rounds.Census;

    /// <summary>Portraits that were to be brought to chats when it was looked last, and for how long there have been some.</summary>
    public (int Count, TimeSpan Age) Backlog => (_rounds.UnwrittenCount, _rounds.UnwrittenSince is { } since ? _time.GetUtcNow() - since : TimeSpan.Zero);

    /// <summary>What each domain grants at this moment, in whatever way.</summary>
    public IEnumerable<(string Domain, string Name, bool IsGranted)> Rights => Options.Domains.SelectMany(domain => new[]
    {
        (domain, "presence", _link.GrantsOf(domain).SeesPresence),
        (domain, "read", _link.GrantsOf(domain).ReadsPep),
        (domain, "write", _link.IsConnected && _writer.WayOf(domain) != WriteWay.None),
        (domain, "configure", _link.IsConnected && _writer.Configures(domain)),
    });

    /// <summary>Works until it is cancelled.</summary>
    public Task Run(CancellationToken stoppingToken) => Task.WhenAll(
        _link.Run(this, stoppingToken),
        _work.Run(stoppingToken),
        _rounds.Run(stoppingToken));

    /// <summary>How it stands.</summary>
    public async Task<BesideStatus> Status(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var counts = await _store.Count(Options.Name, now - Options.Sweep, cancellationToken);
        return new BesideStatus(Options)
        {
            ConnectedSince = _link.ConnectedSince,
            Problem = _link.Problem,
            Grants = Options.Domains.ToDictionary(domain => domain, domain => _link.GrantsOf(domain).ToString(), StringComparer.Ordinal),
            Ways = Options.Domains.ToDictionary(domain => domain, WaysOf, StringComparer.Ordinal),
            Accounts = counts,
            Rate = _pace.Rate,
            Waiting = _work.Count,
            Unwritten = await _rounds.Unwritten(cancellationToken).CountAsync(cancellationToken),
            Ignored = _link.Ignored,
            Online = _online.Count,
            Counters = Counters.All.ToDictionary(StringComparer.Ordinal),
        };
    }

    /// <summary>Whether what a person shows here is in chats, too; null: the person is not on this server.</summary>
    public async Task<ChatStanding?> StandingOf(Identity person, CancellationToken cancellationToken)
    {
        if (!Options.Domains.Contains(person.Domain))
        {
            return null;
        }

        var portrait = await _book.Find(person, cancellationToken);
        return portrait.Origin == Origin.Beside || portrait.Version <= ((await _store.Find(person, cancellationToken))?.LocalVersion ?? 0) ? ChatStanding.InChats
            : !Writes(person.Domain) ? ChatStanding.OnlyHere
            : ChatStanding.Waiting;
    }

    /// <summary>Whether pictures are written there, which is taken to be so while there is no connection.</summary>
    public bool Writes(string domain) => !_link.IsConnected || _writer.WayOf(domain) != WriteWay.None;

    /// <summary>People there can be written to.</summary>
    public bool IsConnected => _link.IsConnected;

    /// <summary>Writes to a person in chats, in the component's name, so that no password is needed to prove who reads it. False: there is no connection, or the person is not on this server.</summary>
    public async Task<bool> Tell(Identity person, string text, CancellationToken cancellationToken) =>
        Options.Domains.Contains(person.Domain) && await _link.Send(new Element("message", Ns.Client).Set("to", person.Value).Set("id", StanzaId.New()).Add("body", text), cancellationToken);

    /// <summary>What is as it should be, and what is missing.</summary>
    public Task<IReadOnlyList<BesideFinding>> Check(CancellationToken cancellationToken) => new BesideCheck(Options, _link, _writer, _store).Run(_link.Problem, cancellationToken);

    /// <summary>Every account is looked at anew, at the usual rate.</summary>
    public async Task<int> LookAtAll(CancellationToken cancellationToken)
    {
        var all = 0;
        for (Identity? after = null; ;)
        {
            var page = await _store.Page(Options.Name, after, 500, cancellationToken);
            foreach (var known in page.Where(one => one.State != BesideState.Gone))
            {
                await _store.Save(known with { Checked = default }, cancellationToken);
                all++;
            }

            if (page.Count < 500)
            {
                _rounds.Wake();
                return all;
            }

            after = page[^1].Account;
        }
    }

    /// <summary>These are all the accounts there are. Throws <see cref="AccountListRefusedException"/>.</summary>
    public async Task<AccountListResult> Take(IReadOnlyList<string> accounts, CancellationToken cancellationToken)
    {
        var result = await _lists.Take(accounts, isComplete: true, cancellationToken);
        _rounds.Wake();
        return result;
    }

    void IPortraitListener.OnPortraitChanged(PortraitChanged change)
    {
        if (change.After.Origin != Origin.Beside && Options.Domains.Contains(change.Identity.Domain))
        {
            _writes.Forget(change.Identity);
            _work.Add(change.Identity, Work.Writing);
        }
    }

    void IComponentEvents.OnConnected()
    {
        _online.Clear();
        _writes.Clear();
        _lists.AskAgain();
        _rounds.Wake();
    }

    void IComponentEvents.OnLost()
    {
        // What is heard after the next connection counts.
    }

    void IComponentEvents.OnPresence(Jid from, Element presence)
    {
        if (from.Local is null || presence["type"] is not (null or "unavailable"))
        {
            _link.Ignore();
            return;
        }

        var account = new Identity(from.BareText);
        if (presence["type"] is not null)
        {
            _online.Went(account, from.Resource);
            return;
        }

        var update = Xep0153VCardAvatars.Read(presence);
        var hash = update.Kind switch
        {
            PhotoUpdateKind.Picture => update.Hash,
            PhotoUpdateKind.NoPicture => "",
            _ => null,
        };
        if (_online.Came(account, from.Resource, hash))
        {
            Counters.Presence();
            // What a presence says may be older than what is known: somebody has to look.
            _work.Add(account, hash is { Length: > 0 } ? Work.Looking with { Id = hash } : Work.Looking);
        }
    }

    void IComponentEvents.OnMessage(Jid from, Element message)
    {
        var items = message.Child("event", Ns.PubSubEvent);
        var change = items?.FirstOrDefault(child => child["node"] == Ns.AvatarMetadata);
        if (change is null || from.Local is null || message["type"] == "error")
        {
            _link.Ignore();
            return;
        }

        Counters.Event();
        var metadata = change.Name == "items" ? change.FirstOrDefault(child => child.Name == "item")?.Child("metadata", Ns.AvatarMetadata) : null;
        var work = metadata is not null && AvatarReader.OfMetadata(metadata).Found is RemoteAvatar.Shown shown ? Work.Hint(shown.Id) : Work.Looking;
        _work.Add(new Identity(from.BareText), work);
    }

    public void Dispose()
    {
        _link.Dispose();
        _mirror.Dispose();
        _api?.Dispose();
    }

    /// <summary>Completes when the rounds have looked since they were woken and nothing that was heard of or found waits.</summary>
    internal async Task Idle()
    {
        await _rounds.Idle();
        await _work.Idle();
    }

    private string WaysOf(string domain)
    {
        var grants = _link.GrantsOf(domain);
        var notice = new List<string>();
        if (Options.JoinsRosters)
        {
            notice.Add("contact lists");
        }

        if (grants.Configures)
        {
            notice.Add("subscriptions");
        }

        if (grants.SeesPresence)
        {
            notice.Add("presence");
        }

        notice.Add("sweep");
        var write = _writer.WayOf(domain) switch
        {
            WriteWay.Privileged => "in people's name",
            WriteWay.Api => "by ejabberd's API",
            WriteWay.AsUser => "with people's addresses",
            _ => "nothing",
        };
        return $"reads as {(grants.ReadsPep ? "owner" : "stranger")}, hears by {string.Join(", ", notice)}, writes {write}";
    }

    private async Task Do(Identity account, Work what, CancellationToken cancellationToken)
    {
        TimeSpan? waited = null;
        try
        {
            await _link.Ready.WaitAsync(cancellationToken);
            if (_link.ConnectedSince is not { } connected)
            {
                return;
            }

            if (what.IsPatient)
            {
                await _pace.Rest(cancellationToken);
            }

            await _pace.Wait(cancellationToken);
            waited = _link.Waited;
            if (what.Write)
            {
                _writes.Tried(account, await _delivery.Write(account, connected, cancellationToken));
            }

            if (what.Look || what.Id is not null || (what.Glance && await _mirror.Glance(account, cancellationToken)))
            {
                var result = await _mirror.Look(account, what with { Look = what.Look || what.Id is null }, cancellationToken);
                if (result == LookResult.Overloaded)
                {
                    _pace.Slower();
                }

                _looks.Tried(account, result == LookResult.Done);
                _online.SetHeard(account, await _store.Find(account, cancellationToken) is { IsSubscribed: true } or { FromVCard: true });
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // One account that fails keeps the others from nothing.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (what.Write)
            {
                _writes.Tried(account, isDone: false);
            }

            if (what != Work.Writing)
            {
                _looks.Tried(account, isDone: false);
            }

            Counters.Failure();
            Log.Failed(_log, account.Value, exception);
        }
        finally
        {
            if (what.IsPatient && waited is { } before)
            {
                _pace.Worked(_link.Waited - before);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The avatar of {Account} could not be compared with the chat server's")]
        public static partial void Failed(ILogger logger, string account, Exception exception);
    }
}
