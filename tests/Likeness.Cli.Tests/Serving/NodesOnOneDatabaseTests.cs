using System.Net;
using Likeness.Cli.Commands;
using Likeness.Http.Tests.Hosting;
using Likeness.Server;
using Likeness.Server.Administration;
using Likeness.Server.Administration.Bulk;
using Likeness.Server.Control;
using Likeness.Storage;
using Likeness.Storage.Tests.Databases;
using Npgsql;

namespace Likeness.Cli.Tests.Serving;

/// <summary>Two servers on one PostgreSQL database: each shows what the other changed.</summary>
[Trait("Category", "Integration")]
public sealed class NodesOnOneDatabaseTests(PostgreSqlServer server) : IAsyncDisposable
{
    private const string Juliet = "juliet@example.org";
    private readonly PostgreSqlDatabase _database = new(server);
    private readonly List<Node> _nodes = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.Server.DisposeAsync();
            node.Data.Dispose();
        }

        await _database.DisposeAsync();
    }

    [Fact]
    [Trait("Requirement", "S-41")]
    public async Task What_is_done_on_one_is_seen_on_the_other()
    {
        var (one, two) = (await Start(chats: true), await Start());
        await Sees(two, HttpStatusCode.NotFound);

        await one.Run(new SetAvatar(Juliet, TestPicture.Waves(200, 1)));
        await Sees(two, HttpStatusCode.OK);
        await one.Run(new BlockPicture(Juliet, null, null, false, "a logo"));
        await Sees(two, HttpStatusCode.NotFound);
        await Should.ThrowAsync<OperationRefusedException>(() => two.Run(new SetAvatar("romeo@example.org", TestPicture.Waves(200, 1))));

        await two.Run(new SetAvatar(Juliet, TestPicture.Waves(200, 2)));
        await Sees(one, HttpStatusCode.OK);
        await two.Run(new ClearAvatar(Juliet));
        await Sees(one, HttpStatusCode.NotFound);
        await two.Run(new SetAvatar(Juliet, TestPicture.Waves(200, 2)));
        await Sees(one, HttpStatusCode.OK);
        await two.Run(new RemoveAddress(Juliet, Juliet));
        await Sees(one, HttpStatusCode.NotFound);
    }

    [Fact]
    [Trait("Requirement", "M-4E")]
    public async Task A_room_is_changed_only_where_the_chats_are_served()
    {
        const string garden = "garden@rooms.example.org";
        var (web, other) = (await Start(), await Start());
        await web.Run(new CreateRoom(garden, Juliet, new Dictionary<string, string>()));
        var chats = await Start(chats: true);

        foreach (var operation in (Operation[])[new SetRoom(garden, new Dictionary<string, string> { ["publicroom"] = "1" }), new DestroyRoom(garden, null, null), new AffiliatePerson(garden, Juliet, "none", null)])
        {
            (await Should.ThrowAsync<OperationRefusedException>(() => other.Run(operation))).Message.ShouldContain("Another process serves that");
        }

        await chats.Run(new SetRoom(garden, new Dictionary<string, string> { ["publicroom"] = "1" }));
        (await web.Run(new ShowRoom(garden))).Lines.ShouldNotBeNull().ShouldContain("publicroom=1");
    }

    [Fact]
    public async Task A_lock_set_on_one_holds_on_the_other_at_once()
    {
        var (one, two) = (await Start(), await Start());
        for (var round = 0; round < 10; round++)
        {
            await one.Run(new SetAvatar(Juliet, TestPicture.Waves(64, 1)));
            await two.Run(new SetAvatar(Juliet, TestPicture.Waves(64, 2)));
            await one.Run(new LockAvatar(Juliet, "moderated", false));

            (await Should.ThrowAsync<OperationRefusedException>(() => two.Run(new ImportPicture(Juliet, null, TestPicture.Waves(64, 3), "test", false)))).Message.ShouldContain("moderated");
            await two.Run(new UnlockAvatar(Juliet));
        }
    }

    [Fact]
    [Trait("Requirement", "S-42")]
    public async Task What_was_changed_while_the_connection_was_cut_is_seen_within_35_seconds()
    {
        var time = new SettableTime();
        var (one, two) = (await Start(), await Start(time: time));
        await one.Run(new SetAvatar(Juliet, TestPicture.Waves(200, 1)));
        await Sees(two, HttpStatusCode.OK);

        await Cut("likeness change feed");
        await one.Run(new ClearAvatar(Juliet));
        (await two.Status()).ShouldBe(HttpStatusCode.OK);
        time.Advance(TimeSpan.FromSeconds(35));

        await Sees(two, HttpStatusCode.NotFound);
    }

    [Fact]
    [Trait("Requirement", "S-40")]
    public async Task A_second_server_of_chats_is_refused_by_name_and_one_of_the_web_alone_is_not()
    {
        var one = await Start(chats: true);

        var refused = await Should.ThrowAsync<StorageException>(() => Start(chats: true));

        refused.Message.ShouldContain($"likeness on {Environment.MachineName}, process {Environment.ProcessId}");
        refused.Message.ShouldContain("--xmpp off");
        await Start();
        _nodes.Remove(one);
        await one.Server.DisposeAsync();
        one.Data.Dispose();
        await Start(chats: true);
    }

    private async Task<Node> Start(bool chats = false, TimeProvider? time = null)
    {
        var database = (await _database.Options()).PostgreSql;
        var data = new TemporaryDirectory();
        try
        {
            var running = await RunningServer.Start(
                data.Path, options => options with { Database = database, Https = [], Xmpp = chats ? options.Xmpp : [] }, time);
            _nodes.Add(new Node(running, data));
            return _nodes[^1];
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    // The thirty seconds after which a server looks by itself are longer than this takes.
    private static async Task Sees(Node node, HttpStatusCode wanted)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await node.Status() != wanted)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task Cut(string name)
    {
        await using var source = NpgsqlDataSource.Create((await _database.Options()).PostgreSql!);
        await using var command = source.CreateCommand($"SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE application_name = '{name}'");
        await command.ExecuteScalarAsync();
    }

    private sealed record Node(RunningServer Server, TemporaryDirectory Data)
    {
        public async Task<Answer> Run(Operation operation)
        {
            await using var administrator = new Administrator(Data.Path, RenderWorkerCommand.OwnCommand());
            return await administrator.Run(operation, CancellationToken.None);
        }

        public async Task<HttpStatusCode> Status()
        {
            using var response = await Server.Web.GetAsync(Server.Avatar(Juliet, "d=404&s=40"));
            return response.StatusCode;
        }
    }
}
