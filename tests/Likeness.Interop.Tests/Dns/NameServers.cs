using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

using Likeness.Interop.Tests.Hosting;

namespace Likeness.Interop.Tests.Dns;

/// <summary>Knot as the authority of a zone and Unbound as the recursive resolver in front of it, on loopback, asking nobody else.</summary>
public class NameServers : IAsyncLifetime
{
    public const string Zone = "federation.net";
    private const int ManyRecords = 60;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("likeness-dns-");
    private readonly List<Process> _running = [];

    public IPEndPoint Authority { get; } = FreePort.Next();

    public IPEndPoint Resolver { get; } = FreePort.Next();

    public IPEndPoint ResolverV6 => new(IPAddress.IPv6Loopback, Resolver.Port);

    /// <summary>Zones beside the usual ones, and what is in them.</summary>
    protected virtual IReadOnlyDictionary<string, string> MoreZones { get; } = new Dictionary<string, string>();

    /// <summary>Nobody listens there.</summary>
    public IPEndPoint Dead { get; } = FreePort.Next();

    public async ValueTask InitializeAsync()
    {
        var many = Enumerable.Range(0, ManyRecords).Select(number => $"_avatars-sec._tcp.many SRV {number} 0 443 server-with-a-long-name-{number}.federation.net.");
        var zone = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Dns", "federation.net.zone"));
        Write("federation.net.zone", zone + string.Join('\n', many) + "\n");
        foreach (var (name, text) in MoreZones)
        {
            Write($"{name}.zone", text);
        }

        var zones = string.Concat(MoreZones.Keys.Select(name => $"  - domain: {name}\n    storage: \"{_directory.FullName}\"\n    file: {name}.zone\n"));
        var transparent = string.Concat(MoreZones.Keys.Select(name => $"    local-zone: \"{name}.\" transparent\n"));
        var stubs = string.Concat(MoreZones.Keys.Select(name => $"stub-zone:\n    name: \"{name}\"\n    stub-addr: 127.0.0.1@{Authority.Port}\n"));
        await Start(
            "/usr/sbin/knotd",
            Write("knot.conf", $"""
                server:
                    rundir: "{_directory.FullName}"
                    listen: 127.0.0.1@{Authority.Port}
                log:
                  - target: stderr
                    any: info
                database:
                    storage: "{_directory.FullName}"
                zone:
                  - domain: {Zone}
                    storage: "{_directory.FullName}"
                    file: federation.net.zone
                  - domain: broken.net
                    storage: "{_directory.FullName}"
                    file: there-is-none.zone

                """ + zones),
            [],
            $"[{Zone}.] loaded");
        await Start(
            "/usr/sbin/unbound",
            Write("unbound.conf", $"""
                server:
                    directory: "{_directory.FullName}"
                    chroot: ""
                    username: ""
                    pidfile: ""
                    use-syslog: no
                    logfile: ""
                    interface: 127.0.0.1@{Resolver.Port}
                    interface: ::1@{Resolver.Port}
                    module-config: "iterator"
                    do-not-query-localhost: no
                    local-zone: "." refuse
                    local-zone: "{Zone}." transparent
                    local-zone: "broken.net." transparent
                {transparent}
                remote-control:
                    control-enable: no
                stub-zone:
                    name: "{Zone}"
                    stub-addr: 127.0.0.1@{Authority.Port}
                stub-zone:
                    name: "broken.net"
                    stub-addr: 127.0.0.1@{Authority.Port}

                """ + stubs),
            ["-d"],
            "start of service");
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var process in _running)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _directory.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Completes when the program says that it is ready.</summary>
    private async Task Start(string program, string configuration, string[] arguments, string ready)
    {
        var process = Process.Start(new ProcessStartInfo(program, [.. arguments, "-c", configuration]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        _running.Add(process);
        var said = new StringBuilder();
        var isReady = new TaskCompletionSource();
        DataReceivedEventHandler hear = (_, line) =>
        {
            lock (said)
            {
                said.AppendLine(line.Data);
            }

            if (line.Data?.Contains(ready, StringComparison.Ordinal) == true)
            {
                isReady.TrySetResult();
            }
        };
        process.ErrorDataReceived += hear;
        process.OutputDataReceived += hear;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var first = await Task.WhenAny(isReady.Task.WaitAsync(Timeout), process.WaitForExitAsync());
        (first == isReady.Task || isReady.Task.IsCompletedSuccessfully).ShouldBeTrue($"{program} does not start; the tests need the Debian packages knot and unbound.\n{said}");
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
