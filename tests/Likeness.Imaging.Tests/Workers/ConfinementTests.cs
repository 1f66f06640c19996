using System.Globalization;
using Likeness.Imaging.Tests.Support;
using Likeness.Imaging.Workers;

namespace Likeness.Imaging.Tests.Workers;

/// <summary>What a decoder that was taken over by a picture can reach: nothing.</summary>
public sealed class ConfinementTests : IAsyncLifetime
{
    private const string NotPermitted = "13";

    private readonly List<string> _told = [];
    private readonly WorkerPool _pool;

    public ConfinementTests() => _pool = new WorkerPool(FaultyWorker.Confined with { OnUnconfined = _told.Add });

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await _pool.DisposeAsync();

    [Theory]
    [InlineData("open /etc/passwd")]
    [InlineData("open /proc/self/mem")]
    [InlineData("unlink /tmp/nothing-here")]
    [InlineData("socket")]
    [InlineData("fork")]
    [InlineData("execute /bin/true")]
    [InlineData("raise")]
    [InlineData("other-thread")]
    public async Task A_worker_can_do_nothing_but_compute(string what) => (await Attempt(what)).ShouldBe(NotPermitted);

    [Fact]
    public async Task A_worker_cannot_read_the_servers_database()
    {
        var directory = Directory.CreateTempSubdirectory("likeness-");
        var database = Path.Combine(directory.FullName, "likeness.db");
        await File.WriteAllTextAsync(database, "keys", TestContext.Current.CancellationToken);

        (await Attempt($"open {database}")).ShouldBe(NotPermitted);
        (await Attempt($"unlink {database}")).ShouldBe(NotPermitted);
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_worker_cannot_touch_the_server()
    {
        var server = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

        (await Attempt($"ptrace {server}")).ShouldBe(NotPermitted);
        (await Attempt($"kill {server}")).ShouldBe(NotPermitted);
        (await Attempt($"open /proc/{server}/mem")).ShouldBe(NotPermitted);
    }

    [Fact]
    public async Task Every_way_of_rendering_works_in_a_confined_worker()
    {
        await using var pool = new WorkerPool(FaultyWorker.Confined with { Command = new WorkerCommand(Environment.ProcessPath!, "real-render-worker"), OnUnconfined = _told.Add });
        foreach (var source in Enum.GetValues<ImageFormat>())
        {
            var bytes = TestPictures.Of(source, 300, 200);
            foreach (var request in Enum.GetValues<ImageFormat>().Select(target => RenderRequest.Photo(bytes, 80, target)).Append(RenderRequest.Master(bytes)).Append(RenderRequest.InBand(bytes)))
            {
                (await pool.Render(request, TestContext.Current.CancellationToken)).Bytes.IsEmpty.ShouldBeFalse();
            }

            await Should.ThrowAsync<ImageRefusedException>(() => pool.Render(RenderRequest.Photo(bytes.AsMemory(0, bytes.Length / 2), 80), CancellationToken.None));
        }

        pool.Workers.ShouldHaveSingleItem("nothing made it end");
        _told.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_could_not_be_had_is_said_once()
    {
        var told = new List<string>();
        await using var pool = new WorkerPool(FaultyWorker.Options with { OnUnconfined = told.Add });

        await pool.Render(RenderRequest.Photo(TestPictures.Jpeg(64, 64), 80), CancellationToken.None);
        await pool.Render(RenderRequest.Photo(TestPictures.Jpeg(64, 64), 80), CancellationToken.None);

        told.ShouldBe(["nothing was asked for"]);
    }

    private async Task<string> Attempt(string what) =>
        (await Should.ThrowAsync<ImageRefusedException>(() => _pool.Render(FaultyWorker.Do("try", what), CancellationToken.None))).Message;
}
