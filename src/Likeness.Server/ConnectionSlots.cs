using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Likeness.Server;

/// <summary>
/// As many connections as the system's limit of open files allows, with some spare for everything else. When they are used up nobody
/// is accepted until one ends: those who come wait in the system's queue, and the server goes on. Without this the
/// transport would go round in circles at the limit, and whatever else opens a file would fail.
/// </summary>
#pragma warning disable CA1001 // Lives as long as the process; its semaphore has no handle.
internal sealed partial class ConnectionSlots(int max)
#pragma warning restore CA1001
{
    private const int UnknownLimit = 4096;
    private const int Min = 16;

    // .NET keeps two open for each library, some three hundred in all, and ends with "Out of memory" where it cannot; the rest is for database, workers, sockets to others.
    private const int ForTheProgram = 512;
    private readonly SemaphoreSlim _free = new(max, max);

    public int Max { get; } = max;

    public static ConnectionSlots OfThisProcess()
    {
        var files = OpenFilesLimit();
        return new ConnectionSlots(Math.Max(Min, files - ForTheProgram - (files / 32)));
    }

    /// <summary>Connection middleware: the slot that was taken at accepting is free again when the connection has ended.</summary>
    public ConnectionDelegate UntilItEnds(ConnectionDelegate next) => async connection =>
    {
        try
        {
            await next(connection);
        }
        finally
        {
            _free.Release();
        }
    };

    /// <summary>The same listeners, which accept only while there are slots.</summary>
    public IConnectionListenerFactory Around<TTransport>(TTransport transport, ILogger<ConnectionSlots> log)
        where TTransport : IConnectionListenerFactory, IConnectionListenerFactorySelector => new Factory<TTransport>(this, transport, log);

    private static int OpenFilesLimit()
    {
        try
        {
            var line = File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal));
            var limit = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
            return int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : UnknownLimit;
        }
        catch (IOException)
        {
            return UnknownLimit;
        }
    }

    private async ValueTask Take(ILogger log, CancellationToken cancellationToken)
    {
        if (!_free.Wait(0, cancellationToken))
        {
            Log.Full(log, Max);
            await _free.WaitAsync(cancellationToken);
        }
    }

    private sealed class Factory<TTransport>(ConnectionSlots slots, TTransport transport, ILogger<ConnectionSlots> log) : IConnectionListenerFactory, IConnectionListenerFactorySelector
        where TTransport : IConnectionListenerFactory, IConnectionListenerFactorySelector
    {
        public bool CanBind(EndPoint endpoint) => transport.CanBind(endpoint);

        public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
            new Listener(slots, await transport.BindAsync(endpoint, cancellationToken), log);
    }

    private sealed class Listener(ConnectionSlots slots, IConnectionListener inner, ILogger<ConnectionSlots> log) : IConnectionListener
    {
        private readonly CancellationTokenSource _unbound = new();

        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                await slots.Take(log, _unbound.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }

            ConnectionContext? accepted = null;
            try
            {
                return accepted = await inner.AcceptAsync(cancellationToken);
            }
            finally
            {
                if (accepted is null)
                {
                    slots._free.Release();
                }
            }
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await _unbound.CancelAsync();
            await inner.UnbindAsync(cancellationToken);
        }

        public ValueTask DisposeAsync()
        {
            _unbound.Dispose();
            return inner.DisposeAsync();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "All {Max} connections that the limit of open files allows are in use; others wait until one ends")]
        public static partial void Full(ILogger logger, int max);
    }
}
