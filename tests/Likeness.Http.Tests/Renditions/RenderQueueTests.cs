using System.Net;
using Likeness.Imaging;
using Likeness.Libravatar.Tests.Support;

namespace Likeness.Http.Tests.Renditions;

[Trait("Requirement", "L-5B")]
public sealed class RenderQueueTests : IDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);
    private readonly ManualTime _time = new();
    private readonly HeldRenderer _renderer = new();
    private RenderQueue? _queue;

    public void Dispose() => _queue?.Dispose();

    [Fact]
    public async Task One_picture_is_decoded_once_at_a_time_however_many_sizes_wait_and_keeps_nobody_waiting()
    {
        var queue = Queue(workers: 2);
        var slow = Enumerable.Range(0, 40).Select(number => Ask(queue, "slow", $"mallory{number}", $"203.0.113.{number}")).ToList();
        var other = Ask(queue, "rose", "juliet", "198.51.100.8");

        _renderer.Running.ShouldBe(["slow", "rose"]);
        _renderer.Finish("rose");
        await other;

        _renderer.Running.ShouldBe(["slow"], "the others wait for it");
        _renderer.Finish("slow");
        await slow[0];
        await _renderer.HaveBegun(3);
        _renderer.Running.ShouldBe(["slow"]);
    }

    [Fact]
    public async Task What_is_wrong_with_a_picture_is_known_at_once_to_all_that_wait_for_it()
    {
        var queue = Queue(workers: 2);
        var slow = Enumerable.Range(0, 40).Select(_ => Ask(queue, "slow", "mallory", null)).ToList();

        _renderer.Fail("slow", new ImageRefusedException(RefusalReason.TooCostly, "It takes too long."));

        foreach (var render in slow)
        {
            (await Should.ThrowAsync<ImageRefusedException>(render)).Reason.ShouldBe(RefusalReason.TooCostly);
        }

        _renderer.Begun.ShouldBe(1);
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("client")]
    public async Task A_person_and_a_client_leave_a_worker_to_the_others(string which)
    {
        var queue = Queue(workers: 2);
        var many = Enumerable.Range(0, 10)
            .Select(number => which == "owner" ? Ask(queue, $"slow{number}", "mallory", $"198.51.100.{number}") : Ask(queue, $"slow{number}", $"mallory{number}", "198.51.100.7"))
            .ToList();

        _renderer.Running.ShouldBe(["slow0"]);
        var other = Ask(queue, "rose", "juliet", "198.51.100.99");
        _renderer.Running.ShouldBe(["slow0", "rose"]);
        _renderer.Finish("rose");
        await other;
        _renderer.Finish("slow0");
        await many[0];
    }

    [Fact]
    public async Task Who_used_least_of_the_workers_time_is_next_whatever_came_first()
    {
        var queue = Queue(workers: 1);
        var first = Ask(queue, "slow1", "mallory", null);
        var second = Ask(queue, "slow2", "mallory", null);
        var third = Ask(queue, "rose", "juliet", null);
        _time.Advance(TimeSpan.FromSeconds(5));
        _renderer.Finish("slow1");
        await first;
        await _renderer.HaveBegun(2);

        _renderer.Running.ShouldBe(["rose"]);
        _renderer.Finish("rose");
        await third;
        await _renderer.HaveBegun(3);
        _renderer.Finish("slow2");
        await second;
    }

    [Fact]
    public async Task What_was_used_long_ago_is_forgotten()
    {
        var queue = Queue(workers: 1);
        var first = Ask(queue, "slow1", "mallory", null);
        _time.Advance(TimeSpan.FromSeconds(5));
        _renderer.Finish("slow1");
        await first;
        var blocking = Ask(queue, "lily", "nurse", null);
        _time.Advance(TimeSpan.FromSeconds(1));
        _renderer.Finish("lily");
        await blocking;
        _time.Advance(TimeSpan.FromMinutes(10));

        blocking = Ask(queue, "tulip", "romeo", null);
        var old = Ask(queue, "slow2", "mallory", null);
        var later = Ask(queue, "daisy", "nurse", null);
        _time.Advance(TimeSpan.FromSeconds(1));
        _renderer.Finish("tulip");
        await blocking;
        await _renderer.HaveBegun(4);
        _renderer.Running.ShouldBe(["slow2"], "both are as good as new, and this one came first");
        _renderer.Finish("slow2");
        await old;
        await _renderer.HaveBegun(5);
        _renderer.Finish("daisy");
        await later;
    }

    [Fact]
    public async Task Who_waits_too_long_is_told_to_come_back()
    {
        var queue = Queue(workers: 1);
        var running = Ask(queue, "slow", "mallory", null);
        var waits = _time.TimerOf(Wait);
        var waiting = Ask(queue, "rose", "juliet", null);
        await waits;
        _time.Advance(Wait);

        await Should.ThrowAsync<RenderUnavailableException>(waiting);
        _renderer.Finish("slow");
        await running;
        _renderer.Begun.ShouldBe(1, "nobody waits for the other any more");
    }

    [Fact]
    public async Task A_picture_that_waits_is_not_read_yet()
    {
        var queue = Queue(workers: 1);
        var running = Ask(queue, "slow", "mallory", null);
        var isRead = false;
        var waiting = queue.Render(new RenderShare(PictureId.Of("rose"u8), null, null), isFace: false, () =>
        {
            isRead = true;
            return new(RenderRequest.Photo("rose"u8.ToArray(), 80));
        });

        isRead.ShouldBeFalse();
        _renderer.Finish("slow");
        await running;
        await _renderer.HaveBegun(2);
        isRead.ShouldBeTrue();
        _renderer.Finish("rose");
        await waiting;
    }

    [Fact]
    public void A_client_may_cause_a_minutes_worth_of_renders_at_once_and_then_so_many_a_minute()
    {
        var queue = Queue(workers: 1, rendersPerMinute: 60);
        var client = RenderQueue.ClientOf(IPAddress.Parse("198.51.100.7"));
        for (var render = 0; render < 60; render++)
        {
            queue.Charge(client);
        }

        Should.Throw<TooManyRendersException>(() => queue.Charge(client)).RetryAfter.ShouldBe(TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(1));
        _time.Advance(TimeSpan.FromSeconds(2.5));
        queue.Charge(client);
        queue.Charge(client);
        Should.Throw<TooManyRendersException>(() => queue.Charge(client));
    }

    [Theory]
    [InlineData("127.0.0.1", 1)]
    [InlineData("::1", 1)]
    [InlineData("::ffff:127.0.0.1", 1)]
    [InlineData("198.51.100.7", 0)]
    public void Loopback_is_not_counted_and_zero_means_any_number(string client, int most)
    {
        var queue = Queue(workers: 1, rendersPerMinute: most);
        for (var render = 0; render < 1000; render++)
        {
            queue.Charge(RenderQueue.ClientOf(IPAddress.Parse(client)));
        }
    }

    private RenderQueue Queue(int workers, int rendersPerMinute = 0) =>
        _queue = new RenderQueue(_renderer, new AvatarOptions { RenderWorkers = workers, RendersPerMinute = rendersPerMinute, MaxRenderWait = Wait }, _time);

    private static Task<RenderedImage> Ask(RenderQueue queue, string picture, string owner, string? client)
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(picture);
        var share = new RenderShare(PictureId.Of(bytes), new Identity($"{owner}@example.org"), client is null ? null : RenderQueue.ClientOf(IPAddress.Parse(client)));
        return queue.Render(share, isFace: false, () => new(RenderRequest.Photo(bytes, 80)));
    }

    /// <summary>Renders when the test says so.</summary>
    private sealed class HeldRenderer : IImageRenderer
    {
        private readonly List<(string Name, TaskCompletionSource<RenderedImage> Done)> _running = [];
        private readonly List<(int Count, TaskCompletionSource Seen)> _watches = [];

        public int Begun { get; private set; }

        public IEnumerable<string> Running
        {
            get
            {
                lock (_running)
                {
                    return [.. _running.Select(render => render.Name)];
                }
            }
        }

        /// <summary>Completes when so many renders have begun in all.</summary>
        public Task HaveBegun(int count)
        {
            lock (_running)
            {
                var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _watches.Add((count, seen));
                Tell();
                return seen.Task;
            }
        }

        public Task<RenderedImage> Render(RenderRequest request, CancellationToken cancellationToken)
        {
            lock (_running)
            {
                var done = new TaskCompletionSource<RenderedImage>();
                _running.Add((System.Text.Encoding.ASCII.GetString(request.Source.Span), done));
                Begun++;
                Tell();
                return done.Task;
            }
        }

        public void Finish(string name) => Take(name).SetResult(new RenderedImage(default, ImageFormat.Png, 80, 80));

        public void Fail(string name, Exception exception) => Take(name).SetException(exception);

        public ValueTask DisposeAsync() => default;

        private void Tell() => _watches.Where(watch => watch.Count <= Begun).ToList().ForEach(watch => watch.Seen.TrySetResult());

        private TaskCompletionSource<RenderedImage> Take(string name)
        {
            lock (_running)
            {
                var index = _running.FindIndex(render => render.Name == name);
                var done = _running[index].Done;
                _running.RemoveAt(index);
                return done;
            }
        }
    }
}
