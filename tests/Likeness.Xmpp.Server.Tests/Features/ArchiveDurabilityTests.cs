using Likeness.Storage;
using Likeness.Stores;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Server.Tests.Streams;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Features;

/// <summary>The disk takes its time, or has no room.</summary>
public sealed class ArchiveDurabilityTests
{
    [Fact]
    [Trait("Requirement", "A-21")]
    [Trait("Requirement", "A-11")]
    public async Task A_message_is_neither_delivered_nor_copied_nor_acknowledged_before_it_is_on_disk()
    {
        await using var scene = new Scene();
        var disk = Slow(scene);
        var (juliet, romeo) = (await LogIn(scene, "juliet"), await LogIn(scene, "romeo"));
        var other = await LogIn(scene, "romeo", "other");
        await other.Send($"<presence><priority>-1</priority></presence><iq type='set' id='c'><enable xmlns='{Ns.Carbons}'/></iq>");
        await other.Fence();
        await romeo.Fence();
        other.Drop(_ => true);
        romeo.Drop(_ => true);
        await juliet.Send($"<enable xmlns='{Ns.StreamManagement}'/>");
        (await juliet.Receive()).ShouldNotBeNull().Name.ShouldBe("enabled");

        await juliet.Send($"<message to='romeo@localhost' type='chat' id='m'><body>hi</body></message><iq type='get' id='behind' to='localhost'><ping xmlns='{Ns.Ping}'/></iq>");
        await disk.Reached.Task.WaitAsync(TimeSpan.FromSeconds(15));
        await romeo.Fence();
        await other.Fence();
        romeo.Kept.ShouldBeEmpty();
        other.Kept.ShouldBeEmpty();
        disk.Release.SetResult();

        (await romeo.Receive()).ShouldNotBeNull()["id"].ShouldBe("m");
        (await other.Receive()).ShouldNotBeNull().Child("received", Ns.Carbons).ShouldNotBeNull();
        (await juliet.Receive()).ShouldNotBeNull()["id"].ShouldBe("behind");
    }

    [Fact]
    [Trait("Requirement", "A-21")]
    public async Task A_message_that_the_disk_has_no_room_for_is_refused_and_reaches_nobody()
    {
        await using var scene = new Scene();
        var disk = Slow(scene);
        var (juliet, romeo) = (await LogIn(scene, "juliet"), await LogIn(scene, "romeo"));
        disk.Release.SetException(new StorageException("The change was not stored: the disk that holds the database is full.", new IOException()) { IsFull = true });

        await juliet.Send("<message to='romeo@localhost' type='chat' id='m'><body>hi</body></message>");

        var error = (await juliet.Receive()).ShouldNotBeNull();
        (error["type"], error["id"]).ShouldBe(("error", "m"));
        error.Child("error")!.Child("resource-constraint", Ns.StanzaErrors).ShouldNotBeNull();
        await romeo.Fence();
        romeo.Kept.ShouldBeEmpty();
    }

    private static SlowDisk Slow(Scene scene)
    {
        var disk = new SlowDisk();
        scene.AddServices = services => services.AddSingleton<IArchiveStore>(provider =>
        {
            disk.Archives = provider.GetRequiredService<IStores>().Archives;
            return disk;
        });
        return disk;
    }

    private static async Task<Actor> LogIn(Scene scene, string name, string resource = "here")
    {
        var server = await scene.Server();
        if (await server.Stores.Accounts.Find(new Identity($"{name}@localhost")) is null)
        {
            await server.Stores.Accounts.Add(TestCredentials.Of($"{name}@localhost"));
        }

        var actor = await scene.Open($"{name}/{resource}");
        (await actor.Authenticate(new PlainClient(name, TestCredentials.Password))).ShouldBe("success");
        await actor.Bind(resource);
        await actor.Send("<presence/>");
        await actor.Fence();
        actor.Drop(_ => true);
        return actor;
    }

    /// <summary>Keeps everything, but is done with what it adds only when it may.</summary>
    private sealed class SlowDisk : IArchiveStore
    {
        public IArchiveStore Archives { get; set; } = null!;

        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Add(params ReadOnlySpan<ArchivedMessage> messages)
        {
            Reached.TrySetResult();
            return Task.WhenAll(Archives.Add(messages), Release.Task);
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
    }
}
