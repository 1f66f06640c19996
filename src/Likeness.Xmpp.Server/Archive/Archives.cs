using Likeness.Stores;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Sessions;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Archive;

/// <summary>The archives of people and rooms: opens them, adds to them, and removes what is not to be kept any longer.</summary>
public sealed partial class Archives : IDisposable
{
    /// <summary>Messages removed in one transaction.</summary>
    private const int RemovedAtOnce = 500;

    private const int ListedAtOnce = 500;
    private static readonly TimeSpan AskedAgain = TimeSpan.FromDays(1);
    private static readonly TimeSpan AskedFor = TimeSpan.FromDays(30);
    private static readonly TimeSpan SweptEvery = TimeSpan.FromHours(1);
    private readonly IArchiveStore _store;
    private readonly ArchiveOptions _options;
    private readonly DomainPolicies _domains;
    private readonly TimeProvider _time;
    private readonly ILogger<Archives> _log;
    private ArchiveIds? _ids;
    private Commit? _commit;
    private DateTimeOffset _swept;

    public Archives(IArchiveStore store, XmppServerOptions options, DomainPolicies domains, TimeProvider time, ILogger<Archives> log) =>
        (_store, _options, _domains, _time, _log) = (store, options.Archive, domains, time, log);

    public bool IsOn => _options.IsOn;

    /// <summary>The archive of a person; waits only the first time.</summary>
    internal ValueTask<MessageArchive> Of(Account account)
    {
        var kept = account.State<Opened>();
        return kept.Archive is { } archive ? new(archive) : new(kept.Open(this, account.Jid));
    }

    /// <summary>An archive that nobody else has in memory.</summary>
    /// <exception cref="AccountGoneException">There is no such person or room.</exception>
    internal async Task<MessageArchive> Open(Jid owner)
    {
        if (_ids is null)
        {
            var made = new ArchiveIds(await _store.IdKey());
            if (Interlocked.CompareExchange(ref _ids, made, null) is not null)
            {
                made.Dispose();
            }
        }

        return new MessageArchive(owner, await _store.Open(owner.Text));
    }

    internal string IdOf(MessageArchive archive, long number) => _ids!.Of(archive.Number, number);

    /// <summary>The number of a message there is or was; null: this archive never gave that id.</summary>
    internal long? NumberOf(MessageArchive archive, string id) => _ids!.NumberOf(archive.Number, id) is { } number && number <= archive.Last ? number : null;

    /// <summary>Adds a message; what was added before is durable first.</summary>
    internal AddedMessage Add(MessageArchive archive, string peer, string? resource, byte[] stanza, string? author = null)
    {
        lock (archive.Gate)
        {
            var message = archive.Next(_time.GetUtcNow(), peer, resource, stanza, author);
            return Added(archive, message, _store.Add(message));
        }
    }

    /// <summary>Adds a message to the archives of both who talk, in one transaction.</summary>
    internal (AddedMessage Sent, AddedMessage Received) AddBoth(MessageArchive sender, Jid from, MessageArchive recipient, Jid to, byte[] stanza)
    {
        var (one, other) = sender.Number < recipient.Number ? (sender, recipient) : (recipient, sender);
        lock (one.Gate)
        {
            lock (other.Gate)
            {
                var now = _time.GetUtcNow();
                var sent = sender.Next(now, to.BareText, to.Resource, stanza);
                var received = recipient.Next(now, from.BareText, from.Resource, stanza);
                var durable = _store.Add(sent, received);
                return (Added(sender, sent, durable), Added(recipient, received, durable));
            }
        }
    }

    /// <summary>The same moment for messages whose streams do not wait for it: one thread takes on all that became durable together, in their order, and what they make the server say leaves together.</summary>
    internal Task Together(Task durable)
    {
        if (durable.IsCompleted)
        {
            return durable;
        }

        var commit = Volatile.Read(ref _commit);
        if (commit?.Durable != durable)
        {
            Volatile.Write(ref _commit, commit = new Commit(durable));
        }

        return commit.Told;
    }

    /// <summary>Older messages of a person are not kept; null: none is too old.</summary>
    internal DateTimeOffset? OldestOf(Account account) => Oldest(new ArchiveOwner(0, account.Jid.Text));

    /// <summary>Adds what was said at another server, in its order and with its times.</summary>
    /// <param name="last">The number of the newest message; false, and nothing added, when there is a newer one by now.</param>
    internal async ValueTask<bool> Import(MessageArchive archive, long last, IReadOnlyList<SaidElsewhere> said)
    {
        Task durable;
        lock (archive.Gate)
        {
            if (archive.Last != last)
            {
                return false;
            }

            if (said.Count == 0)
            {
                return true;
            }

            ArchivedMessage[] added = [.. said.Select(one => archive.Next(one.Sent, one.Peer, one.Resource, one.Stanza))];
            durable = _store.Add(added);
            Added(archive, added[^1], durable);
        }

        await durable;
        return true;
    }

    internal ValueTask<ArchivePage> Read(MessageArchive archive, ArchiveFilter filter, bool isBackwards, int most, long maxBytes) =>
        _store.Read(archive.Number, filter, isBackwards, most, maxBytes);

    internal ValueTask<long> Count(MessageArchive archive, ArchiveFilter filter) => _store.Count(archive.Number, filter);

    internal ValueTask<bool> Replace(MessageArchive archive, long number, byte[] stanza) => _store.Replace(archive.Number, number, stanza);

    /// <summary>What the owner wants from now on.</summary>
    internal async ValueTask Save(MessageArchive archive, ArchiveRules rules)
    {
        await _store.Save(archive.Number, rules);
        archive.Rules = rules;
    }

    /// <summary>A client of the owner reads it; kept to the day.</summary>
    internal async ValueTask Asked(MessageArchive archive)
    {
        var now = _time.GetUtcNow();
        if (archive.Asked is null || now - archive.Asked > AskedAgain)
        {
            await _store.SaveAsked(archive.Number, now);
            archive.Asked = now;
        }
    }

    /// <summary>The owner's clients find what they missed here, and need not be sent it again.</summary>
    internal bool IsInUse(MessageArchive archive) => archive.Asked is { } asked && _time.GetUtcNow() - asked < AskedFor;

    /// <summary>Call now and then: removes what owners left behind that are gone, and once an hour what is too old, in small steps.</summary>
    public async Task Sweep(CancellationToken cancellationToken = default)
    {
        foreach (var owner in await _store.Abandoned(ListedAtOnce, cancellationToken))
        {
            await Trim(owner, cancellationToken);
        }

        if (_time.GetUtcNow() - _swept < SweptEvery)
        {
            return;
        }

        _swept = _time.GetUtcNow();
        var last = 0L;
        while (await _store.List(last, ListedAtOnce, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var owner in page)
            {
                await Trim(owner, cancellationToken);
            }

            last = page[^1].Archive;
        }
    }

    public void Dispose() => _ids?.Dispose();

    private AddedMessage Added(MessageArchive archive, ArchivedMessage message, Task durable)
    {
        if (archive.IsOver(new ArchiveLimits(null, _options.MaxMessages, _options.MaxBytes)) && Interlocked.Exchange(ref archive.IsTrimmed, 1) == 0)
        {
            _ = MakeRoom(archive, durable);
        }

        return new(IdOf(archive, message.Number), message.Number, durable);
    }

    private async Task MakeRoom(MessageArchive archive, Task durable)
    {
        try
        {
            await durable;
            await Trim(new ArchiveOwner(archive.Number, archive.Owner.Text), default);
            archive.Removed(await _store.Open(archive.Owner.Text));
        }
#pragma warning disable CA1031 // Nobody waits for this; it is tried again with the next message.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.NotRemoved(_log, archive.Owner.Text, fault);
        }
        finally
        {
            Interlocked.Exchange(ref archive.IsTrimmed, 0);
        }
    }

    private async Task Trim(ArchiveOwner owner, CancellationToken cancellationToken)
    {
        var limits = new ArchiveLimits(Oldest(owner), _options.MaxMessages, _options.MaxBytes);
        while (await _store.Trim(owner, limits, RemovedAtOnce, cancellationToken) == RemovedAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    // Rooms have the rule of the domain they are beside.
    private DateTimeOffset? Oldest(ArchiveOwner owner)
    {
        var domain = owner.Owner?[(owner.Owner.IndexOf('@', StringComparison.Ordinal) + 1)..] ?? "";
        var policy = _domains.Serves(domain) ? _domains.For(domain) : _domains.For(domain[(domain.IndexOf('.', StringComparison.Ordinal) + 1)..]);
        return policy.ArchiveDays == 0 ? null : _time.GetUtcNow().AddDays(-policy.ArchiveDays);
    }

    private sealed class Commit
    {
        private readonly TaskCompletionSource _told = new();

        public Commit(Task durable)
        {
            Durable = durable;
            _ = Tell();
        }

        public Task Durable { get; }

        public Task Told => _told.Task;

        private async Task Tell()
        {
            await Durable.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            StreamOutput.BeginBatch();
            _told.TrySetFromTask(Durable);
            StreamOutput.EndBatch(isSentHere: true);
        }
    }

    /// <summary>The archive of an account in memory.</summary>
    private sealed class Opened
    {
        private readonly Lock _gate = new();
        private Task<MessageArchive>? _opening;

        public MessageArchive? Archive { get; private set; }

        public Task<MessageArchive> Open(Archives archives, Jid owner)
        {
            lock (_gate)
            {
                return _opening is null or { IsCompletedSuccessfully: false, IsCompleted: true } ? _opening = Load(archives, owner) : _opening;
            }
        }

        private async Task<MessageArchive> Load(Archives archives, Jid owner) => Archive = await archives.Open(owner);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The archive of {Owner} holds more than it may, and the oldest messages could not be removed")]
        public static partial void NotRemoved(ILogger logger, string owner, Exception exception);
    }
}

/// <summary>A message on its way into an archive.</summary>
/// <param name="Id">By which it is asked for.</param>
/// <param name="Durable">Completes when it is durable.</param>
internal readonly record struct AddedMessage(string Id, long Number, Task Durable);

/// <summary>A message that another server archived.</summary>
/// <param name="Peer">As <see cref="ArchivedMessage.Peer"/>.</param>
internal sealed record SaidElsewhere(DateTimeOffset Sent, string Peer, string? Resource, byte[] Stanza);
