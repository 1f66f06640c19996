using System.Diagnostics;
using System.Globalization;
using Likeness.Imaging.Tests.Support;
using Likeness.Imaging.Workers;

namespace Likeness.Imaging.Tests.Workers;

/// <summary>Workers that are killed, crash, hang or overrun: one request fails with its name, the next is served.</summary>
[Trait("Category", "Slow")]
public sealed class FaultTests : IAsyncLifetime
{
    private readonly byte[] _photo = TestPictures.Jpeg(600, 400);
    private readonly ManualTime _time = new();
    private readonly WorkerPool _pool;

    public FaultTests() => _pool = new WorkerPool(FaultyWorker.Options with { ProcessorTimeLimit = TimeSpan.FromSeconds(1) }, _time);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await _pool.DisposeAsync();

    [Theory]
    [InlineData(9)]
    [InlineData(15)]
    public async Task A_worker_ended_from_outside_in_mid_render_is_not_blamed_on_the_picture_and_another_one_tries(int signal)
    {
        using var first = new Hang();
        var render = _pool.Render(first.Request, CancellationToken.None);
        await first.Begun();
        Signals.Send(_pool.Workers.ShouldHaveSingleItem(), signal);
        await first.Begun();
        Signals.Send(_pool.Workers.ShouldHaveSingleItem(), signal);

        await Should.ThrowAsync<RenderUnavailableException>(() => render);
        await ShouldStillRender();
    }

    [Fact]
    public async Task A_worker_that_the_machine_has_stopped_is_not_blamed_on_the_picture()
    {
        using var hang = new Hang();
        var render = _pool.Render(hang.Request, CancellationToken.None);
        await hang.Begun();
        await Signals.Stop(_pool.Workers.ShouldHaveSingleItem());

        _time.Advance(FaultyWorker.Options.TimeLimit);

        await Should.ThrowAsync<RenderUnavailableException>(() => render);
        await ShouldStillRender();
    }

    [Fact]
    public async Task A_worker_is_replaced_before_the_processor_time_of_its_life_is_used_up()
    {
        await using var pool = new WorkerPool(FaultyWorker.Options with { ProcessorTimeLimit = TimeSpan.FromSeconds(5), ProcessorTimeOfLife = TimeSpan.FromSeconds(10) });
        await pool.Render(RenderRequest.Photo(_photo, 80), CancellationToken.None);

        pool.Workers.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_largest_file_that_is_allowed_fits_a_worker_however_large_that_is()
    {
        const int largest = 100 * 1024 * 1024;
        var limits = ImageLimits.Default with { LargestFile = largest };
        byte[] padded = [.. _photo, .. new byte[largest - _photo.Length]];
        await using var pool = new WorkerPool(FaultyWorker.Options with { Limits = limits });

        await pool.Render(RenderRequest.Photo(_photo, 80), CancellationToken.None);
        (await pool.Render(RenderRequest.Photo(padded, 80), CancellationToken.None)).Width.ShouldBe(80);
        pool.Workers.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_worker_killed_in_mid_render_that_had_worked_before_costs_nothing_but_time()
    {
        await ShouldStillRender();
        using var busy = Process.GetProcessById(_pool.Workers.ShouldHaveSingleItem());
        busy.Kill();

        await ShouldStillRender();
    }

    [Fact]
    public async Task A_worker_killed_while_idle_costs_nothing()
    {
        await ShouldStillRender();
        using var idle = Process.GetProcessById(_pool.Workers.ShouldHaveSingleItem());
        idle.Kill();
        await idle.WaitForExitAsync(TestContext.Current.CancellationToken);

        await ShouldStillRender();
    }

    [Theory]
    [InlineData("crash", RefusalReason.StoppedRenderer)]
    [InlineData("nonsense", RefusalReason.StoppedRenderer)]
    [InlineData("spin", RefusalReason.TooCostly)]
    [InlineData("hog", RefusalReason.StoppedRenderer)]
    public async Task A_render_that_goes_wrong_fails_alone(string fault, RefusalReason reason)
    {
        await ShouldStillRender();

        (await Refused(FaultyWorker.Do(fault))).Reason.ShouldBe(reason);

        await ShouldStillRender();
    }

    [Fact]
    public async Task A_render_that_hangs_is_killed_at_its_time_limit()
    {
        using var hang = new Hang();
        var render = _pool.Render(hang.Request, CancellationToken.None);
        await hang.Begun();
        var worker = _pool.Workers.ShouldHaveSingleItem();

        _time.Advance(FaultyWorker.Options.TimeLimit);

        (await Should.ThrowAsync<ImageRefusedException>(() => render)).Reason.ShouldBe(RefusalReason.TooCostly);
        await ShouldStillRender();
        _pool.Workers.ShouldHaveSingleItem().ShouldNotBe(worker);
    }

    [Fact]
    public async Task A_picture_that_needs_more_memory_than_a_worker_may_have_is_refused_and_nobody_grows()
    {
        // 16000² RGB interlaced needs 768 MB at once; the gate is opened to let it through.
        var bomb = Bombs.Png(16_000, 16_000, interlaced: true);
        await using var pool = new WorkerPool(FaultyWorker.Options with
        {
            Limits = new ImageLimits { MaxPixels = long.MaxValue, MaxPixelsHeldWhole = long.MaxValue },
        });
        await pool.Render(RenderRequest.Photo(_photo, 80), CancellationToken.None);
        var before = Process.GetCurrentProcess().WorkingSet64;

        var refusal = await Should.ThrowAsync<ImageRefusedException>(() => pool.Render(RenderRequest.Photo(bomb, 80), CancellationToken.None));

        refusal.Reason.ShouldBeOneOf(RefusalReason.TooCostly, RefusalReason.StoppedRenderer);
        (Process.GetCurrentProcess().WorkingSet64 - before).ShouldBeLessThan(64 * 1024 * 1024);
        (await pool.Render(RenderRequest.Photo(_photo, 80), CancellationToken.None)).Width.ShouldBe(80);
    }

    [Fact]
    public async Task A_worker_with_no_memory_left_by_the_pictures_before_is_replaced_for_the_next()
    {
        await ShouldStillRender();
        var tired = _pool.Workers.ShouldHaveSingleItem();

        (await _pool.Render(FaultyWorker.Do("tire"), CancellationToken.None)).Width.ShouldBe(64);

        _pool.Workers.ShouldHaveSingleItem().ShouldNotBe(tired);
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.WebP)]
    [InlineData(ImageFormat.Gif)]
    [InlineData(ImageFormat.Avif)]
    public async Task The_largest_picture_the_gate_lets_through_fits_a_worker(ImageFormat format)
    {
        var large = format switch
        {
            ImageFormat.Jpeg => LargePictures.ProgressiveJpeg(5000, 5000),
            ImageFormat.Png => LargePictures.InterlacedPng(5000, 5000),
            ImageFormat.WebP => LargePictures.LosslessWebP(5000, 5000),
            ImageFormat.Avif => LargePictures.Avif(4000, 4000),
            _ => LargePictures.PlainGif(5000, 5000),
        };
        await using var pool = new WorkerPool(FaultyWorker.Options);

        (await pool.Render(RenderRequest.Photo(large, 80, ImageFormat.Jpeg), CancellationToken.None)).Width.ShouldBe(80);
    }

    [Fact]
    public async Task A_worker_is_confined_by_the_operating_system()
    {
        await ShouldStillRender();
        var worker = _pool.Workers.ShouldHaveSingleItem();

        var limits = (await File.ReadAllLinesAsync($"/proc/{worker}/limits", TestContext.Current.CancellationToken))
            .Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .ToDictionary(words => words[0], words => words[1]);

        limits["Max data size"].ShouldBe(FaultyWorker.Options.MemoryLimit.ToString(CultureInfo.InvariantCulture));
        limits["Max core file size"].ShouldBe("0");
        limits["Max file size"].ShouldBe("0");
        limits["Max open files"].ShouldBe("128");
        limits["Max cpu time"].ShouldNotBe("unlimited");
        (await File.ReadAllTextAsync($"/proc/{worker}/oom_score_adj", TestContext.Current.CancellationToken)).Trim().ShouldBe("1000");
    }

    [Fact]
    public async Task A_worker_can_write_no_file()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        await Refused(FaultyWorker.Do("write", path));

        new FileInfo(path).Length.ShouldBe(0);
        File.Delete(path);
    }

    [Fact]
    public async Task The_servers_environment_stays_with_the_server()
    {
        Environment.SetEnvironmentVariable("LIKENESS_DATABASE", "Password=secret");

        (await Refused(FaultyWorker.Do("environment", "LIKENESS_DATABASE"))).Message.ShouldBe("not set");
    }

    private async Task<ImageRefusedException> Refused(RenderRequest request) =>
        await Should.ThrowAsync<ImageRefusedException>(() => _pool.Render(request, CancellationToken.None));

    private async Task ShouldStillRender() =>
        (await _pool.Render(RenderRequest.Photo(_photo, 80), CancellationToken.None)).Width.ShouldBe(80);
}
