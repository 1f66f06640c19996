using System.Threading.Channels;
using Likeness.Imaging;
using Likeness.Server.Files;
using Likeness.Server.Options;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Likeness.Cli.Tests.Files;

[Trait("Requirement", "L-133")]
public sealed class FileWatchTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TemporaryDirectory _elsewhere = new();
    private readonly Channel<string> _seen = Channel.CreateUnbounded<string>();
    private readonly RingingTime _time = new();

    public void Dispose()
    {
        _directory.Dispose();
        _elsewhere.Dispose();
    }

    [Fact]
    public async Task What_changes_on_disk_is_taken_up()
    {
        var path = _directory.Write("face.png", "first");
        await using var watch = await Watch(path);
        (await Next()).ShouldBe("first");

        _directory.Write("face.png", "second one");
        await Until("second one");

        File.Delete(path);
        await Until("hidden");

        File.Move(_directory.Write("new", "moved here"), path, overwrite: true);
        await Until("moved here");
    }

    [Fact]
    public async Task What_may_be_half_written_gives_way_to_the_default_only_when_a_period_has_passed()
    {
        await using var watch = await Watch(_directory.Write("face.png", "first"));
        (await Next()).ShouldBe("first");

        // At once: a file that is written in its place has two states, and of each of them a period may have passed.
        File.Move(_elsewhere.Write("face.png", "refused"), _directory.File("face.png"), overwrite: true);
        (await Next()).ShouldBe("refused");

        while (_seen.Reader.TryRead(out var sofar))
        {
            sofar.ShouldBe("refused");
        }

        _time.Ring();
        while (await Next() is var seen && seen != "hidden")
        {
            seen.ShouldBe("refused");
        }
    }

    [Fact]
    public async Task Where_the_system_does_not_tell_the_next_look_does()
    {
        // Behind a link to another folder: nothing happens in the folder that is listened to.
        var target = _elsewhere.Write("target", "first");
        var link = _directory.File("link.png");
        File.CreateSymbolicLink(link, target);
        await using var watch = await Watch(link);
        (await Next()).ShouldBe("first");

        _elsewhere.Write("target", "second one");
        _seen.Reader.TryRead(out _).ShouldBeFalse();
        _time.Ring();

        (await Next()).ShouldBe("second one");
    }

    [Fact]
    public async Task Files_that_cannot_be_used_at_the_start_are_told_all_at_once()
    {
        var refused = await Should.ThrowAsync<OptionsRefusedException>(
            Watch(_directory.Write("a.png", "refused"), _directory.File("missing.png"), _directory.Write("large.png", new byte[2000])));

        refused.Problems.Select(problem => (problem.Key, Path.GetFileName(problem.Source))).ShouldBe([("face", "a.png"), ("face", "missing.png"), ("face", "large.png")]);
    }

    [Fact]
    public async Task A_file_that_makes_trouble_of_whatever_kind_ends_neither_the_watching_nor_the_server()
    {
        await using var watch = await Watch(_directory.Write("a.png", "first a"), _directory.Write("b.png", "first b"));
        (await Next()).ShouldBe("first a");
        (await Next()).ShouldBe("first b");

        _directory.Write("a.png", "fault");
        await Until("fault");

        _directory.Write("b.png", "second b");
        await Until("second b");

        _directory.Write("a.png", "second a");
        await Until("second a");
    }

    private Task<FileWatch> Watch(params string[] paths) =>
        FileWatch.Start([.. paths.Select(Watched)], 1000, _time, NullLogger.Instance, CancellationToken.None);

    // Opening a file for writing empties it first: that moment may be seen or not.
    private WatchedFile Watched(string path) => new(
        "face",
        path,
        (bytes, _, _) =>
        {
            var text = System.Text.Encoding.UTF8.GetString(bytes.Span);
            if (text == "refused")
            {
                _seen.Writer.TryWrite(text);
                throw new ImageRefusedException(RefusalReason.UnknownFormat, "It is no picture.");
            }

            if (text == "fault")
            {
                _seen.Writer.TryWrite(text);
                throw new InvalidOperationException("Nobody thought of this.");
            }

            if (text.Length > 0)
            {
                _seen.Writer.TryWrite(text);
            }

            return Task.CompletedTask;
        },
        _ =>
        {
            _seen.Writer.TryWrite("hidden");
            return Task.CompletedTask;
        });

    // One change may be noticed twice, as two events of the system.
    private async Task Until(string wanted)
    {
        while (await Next() != wanted)
        {
        }
    }

    private async Task<string> Next()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await _seen.Reader.ReadAsync(timeout.Token);
    }

    /// <summary>A clock whose one timer rings when told to.</summary>
    private sealed class RingingTime : TimeProvider
    {
        private Action _ring = () => { };

        public void Ring() => _ring();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _ring = () => callback(state);
            return new Still();
        }

        private sealed class Still : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
