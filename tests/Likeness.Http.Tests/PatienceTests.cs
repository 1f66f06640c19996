using Likeness.Http.FastPath;
using Microsoft.AspNetCore.Connections;

namespace Likeness.Http.Tests;

public sealed class PatienceTests : IDisposable
{
    private readonly DefaultConnectionContext _connection = new("one");
    private readonly Patience _patience;

    public PatienceTests() => _patience = new Patience(_connection);

    private bool Ended => _connection.ConnectionClosed.IsCancellationRequested;

    [Fact]
    public async Task An_idle_connection_is_ended()
    {
        _patience.Start(10);
        Beat(10);
        Ended.ShouldBeFalse();

        Beat(1);

        await _connection.ConnectionClosed.WaitAsync();
    }

    [Fact]
    public void Requests_keep_a_connection_alive()
    {
        _patience.Start(10);
        for (var round = 0; round < 5; round++)
        {
            Beat(9);
            _patience.Wait(10, restart: true);
        }

        Ended.ShouldBeFalse();
    }

    [Fact]
    public async Task A_head_that_dribbles_in_does_not()
    {
        _patience.Start(100);
        Beat(50);
        for (var round = 0; round < 3; round++)
        {
            _patience.Wait(10, restart: false);
            Ended.ShouldBeFalse();
            Beat(4);
        }

        await _connection.ConnectionClosed.WaitAsync();
    }

    [Fact]
    public void A_connection_that_was_handed_over_is_left_alone()
    {
        _patience.Start(10);
        _patience.End();
        Beat(1000);

        Ended.ShouldBeFalse();
    }

    public void Dispose() => _connection.DisposeAsync().AsTask().Wait();

    private void Beat(int times)
    {
        for (var beat = 0; beat < times; beat++)
        {
            _patience.Beat();
        }
    }
}

file static class Tokens
{
    public static async Task WaitAsync(this CancellationToken token)
    {
        var cancelled = new TaskCompletionSource();
        await using var registration = token.Register(cancelled.SetResult);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
    }
}
