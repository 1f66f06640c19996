using Likeness.Imaging.Tests.Support;
using Likeness.Imaging.Workers;

namespace Likeness.Imaging.Tests.Workers;

public sealed class WorkerPoolTests : IAsyncLifetime
{
    private readonly byte[] _photo = TestPictures.Jpeg(600, 400);
    private readonly ManualTime _time = new();
    private readonly WorkerPool _pool;

    public WorkerPoolTests() => _pool = new WorkerPool(FaultyWorker.Options, _time);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    [Fact]
    public async Task A_worker_renders_what_this_process_would()
    {
        await using var here = new InProcessRenderer();
        foreach (var request in new[] { RenderRequest.Photo(_photo, 80), RenderRequest.Photo(_photo, 96, ImageFormat.Png), RenderRequest.Master(_photo), RenderRequest.InBand(_photo) })
        {
            var there = await _pool.Render(request, CancellationToken.None);

            var same = await here.Render(request, CancellationToken.None);
            there.Bytes.Span.SequenceEqual(same.Bytes.Span).ShouldBeTrue();
            (there with { Bytes = default }).ShouldBe(same with { Bytes = default });
        }
    }

    [Fact]
    public async Task A_worker_stays_for_the_next_request_and_leaves_when_nobody_asks()
    {
        await Render();
        var first = _pool.Workers.ShouldHaveSingleItem();
        await Render();
        _pool.Workers.ShouldHaveSingleItem().ShouldBe(first);

        _time.Advance(FaultyWorker.Options.IdleTime);
        _time.Advance(FaultyWorker.Options.IdleTime);

        _pool.Workers.ShouldBeEmpty();
        await Render();
        _pool.Workers.ShouldHaveSingleItem().ShouldNotBe(first);
    }

    [Fact]
    public async Task What_the_gate_refuses_never_reaches_a_worker()
    {
        (await Refusal(RenderRequest.Photo(Bombs.Of(ImageFormat.Png, 30_000, 30_000), 80))).ShouldBe(RefusalReason.TooManyPixels);

        _pool.Workers.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_damaged_picture_is_refused_and_the_worker_stays()
    {
        await Render();
        var worker = _pool.Workers.ShouldHaveSingleItem();

        (await Refusal(RenderRequest.Photo(_photo.AsMemory(0, _photo.Length / 2), 80))).ShouldBe(RefusalReason.Undecodable);

        _pool.Workers.ShouldHaveSingleItem().ShouldBe(worker);
        await Render();
    }

    [Fact]
    public async Task More_requests_than_may_wait_are_told_so()
    {
        await using var pool = new WorkerPool(FaultyWorker.Options with { MaxWaiting = 1 }, _time);
        using var hang = new Hang();
        var busy = pool.Render(hang.Request, CancellationToken.None);
        await hang.Begun();
        var waiting = pool.Render(RenderRequest.Photo(_photo, 80), CancellationToken.None);

        await Should.ThrowAsync<RenderUnavailableException>(() => pool.Render(RenderRequest.Photo(_photo, 80), CancellationToken.None));

        _time.Advance(FaultyWorker.Options.TimeLimit);
        await Should.ThrowAsync<ImageRefusedException>(() => busy);
        (await waiting).Width.ShouldBe(80);
    }

    [Fact]
    public async Task A_caller_who_stops_waiting_does_not_stop_the_worker()
    {
        await Render();
        var worker = _pool.Workers.ShouldHaveSingleItem();
        using var impatient = new CancellationTokenSource();
        var render = _pool.Render(RenderRequest.Photo(TestPictures.Jpeg(2000, 2000), 512, ImageFormat.WebP), impatient.Token);

        await impatient.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => render);
        await Render();
        _pool.Workers.ShouldHaveSingleItem().ShouldBe(worker);
    }

    [Fact]
    public async Task Stopping_ends_every_worker_and_every_request()
    {
        var pool = new WorkerPool(FaultyWorker.Options, _time);
        using var hang = new Hang();
        var busy = pool.Render(hang.Request, CancellationToken.None);
        await hang.Begun();
        var waiting = pool.Render(RenderRequest.Photo(_photo, 80), CancellationToken.None);

        await pool.DisposeAsync();

        await Should.ThrowAsync<RenderUnavailableException>(() => busy);
        await Should.ThrowAsync<RenderUnavailableException>(() => waiting);
        await Should.ThrowAsync<RenderUnavailableException>(() => pool.Render(hang.Request, CancellationToken.None));
        pool.Workers.ShouldBeEmpty();
        await pool.DisposeAsync();
    }

    [Fact]
    public async Task A_program_that_does_not_start_or_does_not_answer_is_named()
    {
        await using var missing = new WorkerPool(new WorkerPoolOptions { Command = new WorkerCommand("/no/such/program") });
        await using var silent = new WorkerPool(new WorkerPoolOptions { Command = new WorkerCommand("/bin/true") });

        (await Should.ThrowAsync<RenderUnavailableException>(() => missing.Render(RenderRequest.Photo(_photo, 80), CancellationToken.None)))
            .Message.ShouldContain("/no/such/program");
        await Should.ThrowAsync<RenderUnavailableException>(() => silent.Render(RenderRequest.Photo(_photo, 80), CancellationToken.None));
    }

    [Fact]
    public async Task A_libvips_that_cannot_be_loaded_is_named()
    {
        await using var pool = new WorkerPool(FaultyWorker.Options with
        {
            Command = new WorkerCommand(Environment.ProcessPath!, "real-render-worker"),
            Libvips = "/no/such/libvips.so.42",
        });

        (await Should.ThrowAsync<RenderUnavailableException>(() => pool.Render(RenderRequest.Photo(_photo, 80), CancellationToken.None)))
            .Message.ShouldContain("LIKENESS_LIBVIPS=/no/such/libvips.so.42");
    }

    private async Task Render() =>
        (await _pool.Render(RenderRequest.Photo(_photo, 80), CancellationToken.None)).Width.ShouldBe(80);

    private async Task<RefusalReason> Refusal(RenderRequest request) =>
        (await Should.ThrowAsync<ImageRefusedException>(() => _pool.Render(request, CancellationToken.None))).Reason;
}
