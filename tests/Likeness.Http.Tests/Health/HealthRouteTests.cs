using Likeness.Http.Health;
using Likeness.Http.Tests.Api;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Http.Tests.Health;

public sealed class HealthRouteTests
{
    private int _looks;
    private Func<Task<string>> _database = () => Task.FromResult("can be written");

    [Fact]
    public async Task What_fails_is_named_and_why_is_not_told_to_strangers()
    {
        await using var server = await Start();
        _database = () => throw new IOException("/var/lib/secret is full");

        var reply = await server.Get("/health", token: null);

        reply.Status.ShouldBe(503);
        reply.Text.ShouldBe("does not work\n  FAIL  database: does not answer\n  ok    disk: 1 GB free\n");
        reply.Headers["Cache-Control"].ShouldBe("no-store");
    }

    [Fact]
    public async Task A_reason_meant_for_everybody_is_told()
    {
        await using var server = await Start();
        _database = () => throw new UnhealthyException("full");

        (await server.Get("/health", null, ("Accept", "application/json"))).Json.GetProperty("checks")[0].GetProperty("text").GetString().ShouldBe("full");
    }

    [Fact]
    public async Task However_often_it_is_asked_it_looks_every_ten_seconds()
    {
        await using var server = await Start();
        for (var request = 0; request < 5; request++)
        {
            await server.Get("/health", token: null);
        }

        _looks.ShouldBe(1);
        server.Time.Advance(TimeSpan.FromSeconds(10));
        (await server.Get("/health", token: null)).Status.ShouldBe(200);
        _looks.ShouldBe(2);
    }

    [Fact]
    public async Task What_hangs_is_not_waited_for()
    {
        await using var server = await Start();
        var hung = new TaskCompletionSource<string>();
        var asked = new TaskCompletionSource();
        _database = () =>
        {
            asked.SetResult();
            return hung.Task;
        };
        var reply = server.Get("/health", token: null);
        await asked.Task;

        server.Time.Advance(TimeSpan.FromSeconds(5));

        (await reply).Status.ShouldBe(503);
    }

    private Task<ApiServer> Start() => ApiServer.Start(
        add: services => services
            .AddSingleton(new HealthCheck("database", _ =>
            {
                _looks++;
                return _database();
            }))
            .AddSingleton(new HealthCheck("disk", _ => Task.FromResult("1 GB free")))
            .AddHealth(),
        map: application => application.MapHealth());
}
