using System.Collections.Concurrent;
using Likeness.Storage;
using Likeness.Stores;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Server.Tests.Streams;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Features;

/// <summary>Keeps every message that is to be archived, but is done with each only when it is released.</summary>
internal sealed class SlowDisk : IArchiveStore
{
    private readonly ConcurrentDictionary<int, Adding> _addings = new();
    private readonly Scene _scene;
    private int _added;

    private SlowDisk(Scene scene) => _scene = scene;

    public IArchiveStore Archives { get; private set; } = null!;

    /// <summary>Is no slower than others.</summary>
    public bool IsFast { get; set; }

    /// <summary>Refuses what comes.</summary>
    public bool IsFull { get; set; }

    /// <summary>Messages that came so far.</summary>
    public int Added => Volatile.Read(ref _added);

    /// <summary>In place of the scene's own archives; call before its server is needed.</summary>
    public static SlowDisk Under(Scene scene)
    {
        var disk = new SlowDisk(scene);
        scene.AddServices = services => services.AddSingleton<IArchiveStore>(provider =>
        {
            disk.Archives = provider.GetRequiredService<IStores>().Archives;
            return disk;
        });
        return disk;
    }

    /// <summary>Completes when so many messages have come.</summary>
    public Task Reached(int number) => Number(number).Reached.Task.WaitAsync(TimeSpan.FromSeconds(15));

    /// <summary>The message with this number, counted from 1, is durable; whoever waited for it has gone on as far as possible when this returns.</summary>
    public void Release(int number) => Number(number).Released.SetResult();

    /// <summary>It never will be.</summary>
    public void Refuse(int number) => Number(number).Released.SetException(Full());

    public async Task<Actor> LogIn(string name, string resource = "here")
    {
        var server = await _scene.Server();
        if (await server.Stores.Accounts.Find(new Identity($"{name}@localhost")) is null)
        {
            await server.Stores.Accounts.Add(TestCredentials.Of($"{name}@localhost"));
        }

        var actor = await _scene.Open($"{name}/{resource}");
        (await actor.Authenticate(new PlainClient(name, TestCredentials.Password))).ShouldBe("success");
        await actor.Bind(resource);
        await actor.Send("<presence/>");
        await actor.Fence();
        actor.Drop(_ => true);
        return actor;
    }

    public Task Add(params ReadOnlySpan<ArchivedMessage> messages)
    {
        if (IsFast)
        {
            return Archives.Add(messages);
        }

        var adding = Number(Interlocked.Increment(ref _added));
        if (IsFull)
        {
            return Task.FromException(Full());
        }

        Archives.Add(messages);
        adding.Reached.SetResult();
        return adding.Released.Task;
    }

    public ValueTask<byte[]> IdKey(CancellationToken cancellationToken = default) => Archives.IdKey(cancellationToken);

    public ValueTask<ArchiveState> Open(string owner, CancellationToken cancellationToken = default) => Archives.Open(owner, cancellationToken);

    public ValueTask<ArchivePage> Read(long archive, ArchiveFilter filter, bool isBackwards, int most, long maxBytes, CancellationToken cancellationToken = default) =>
        Archives.Read(archive, filter, isBackwards, most, maxBytes, cancellationToken);

    public ValueTask<long> Count(long archive, ArchiveFilter filter, CancellationToken cancellationToken = default) => Archives.Count(archive, filter, cancellationToken);

    public ValueTask<bool> Replace(long archive, long number, byte[] stanza, CancellationToken cancellationToken = default) => Archives.Replace(archive, number, stanza, cancellationToken);

    public ValueTask Save(long archive, ArchiveRules rules, CancellationToken cancellationToken = default) => Archives.Save(archive, rules, cancellationToken);

    public ValueTask SaveAsked(long archive, DateTimeOffset asked, CancellationToken cancellationToken = default) => Archives.SaveAsked(archive, asked, cancellationToken);

    public ValueTask<IReadOnlyList<ArchiveOwner>> Abandoned(int most, CancellationToken cancellationToken = default) => Archives.Abandoned(most, cancellationToken);

    public ValueTask<IReadOnlyList<ArchiveOwner>> List(long after, int most, CancellationToken cancellationToken = default) => Archives.List(after, most, cancellationToken);

    public ValueTask<int> Trim(ArchiveOwner owner, ArchiveLimits limits, int most, CancellationToken cancellationToken = default) => Archives.Trim(owner, limits, most, cancellationToken);

    private static StorageException Full() => new("The change was not stored: the disk that holds the database is full.", new IOException()) { IsFull = true };

    private Adding Number(int number) => _addings.GetOrAdd(number, _ => new Adding());

    private sealed class Adding
    {
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Released { get; } = new();
    }
}
