using System.Runtime.InteropServices;

namespace Likeness.Cli;

/// <summary>Turns the signals that end a program into a cancellation; the second one ends it the hard way.</summary>
internal static class Signals
{
    private static readonly List<PosixSignalRegistration> Registrations = [];

    public static CancellationToken Stop()
    {
        var stop = new CancellationTokenSource();
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
        {
            Registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = !stop.IsCancellationRequested;
                stop.Cancel();
            }));
        }

        return stop.Token;
    }

    /// <summary>SIGHUP: configuration files that can be read again are read again.</summary>
    public static IDisposable OnReload(Action reload) => PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
    {
        context.Cancel = true;
        reload();
    });
}
