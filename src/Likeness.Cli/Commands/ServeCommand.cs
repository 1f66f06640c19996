using System.CommandLine;
using Likeness.Server;
using Likeness.Server.Options;
using Likeness.Server.Telemetry;
using Likeness.Server.Tls;
using Likeness.Storage;

namespace Likeness.Cli.Commands;

internal sealed class ServeCommand : TeachingCommand
{
    private readonly Terminal _terminal;
    private readonly CommonOptions _common;
    private readonly SettingFlags _settings;
    private readonly PersonalNode _personal;

    public ServeCommand(Terminal terminal)
        : base("serve", "Runs the server until it is told to stop. Works without any configuration.")
    {
        _terminal = terminal;
        _common = CommonOptions.AddTo(this);
        _settings = SettingFlags.AddTo(this);
        _personal = PersonalNode.AddTo(this, _settings, _common);
        SetAction(Serve);
        Examples =
        [
            "likeness serve",
            "likeness serve --domain example.org --xmpp '*:5222' --http 127.0.0.1:8080 --cert example.org.pem --key example.org.key",
            "likeness serve --addr 127.0.0.1:8800 --email you@example.org=face.jpg --default nobody=silhouette.png",
        ];
    }

    private async Task<int> Serve(ParseResult parsed, CancellationToken stop)
    {
        using var node = _personal.Read(parsed);
        var options = node?.Options ?? OptionReader.Read(
            new LikenessOptions { DataDirectory = _common.Directory(parsed) },
            [_settings.Read(parsed), .. _common.Configuration(parsed)]);
        if (DataDirectory.Warning(options.DataDirectory) is { } warning)
        {
            await _terminal.Error.WriteLineAsync("likeness: " + warning);
        }

        await using var host = await LikenessHost.Start(
            options,
            new HostSurroundings(RenderWorkerCommand.OwnCommand()) { PictureCheck = surroundings => new PictureCheck(surroundings), Logging = logging => EventLog.Configure(logging, options) },
            stop);
        var format = EventLog.FormatOf(options);
        await _terminal.Out.WriteLineAsync(EventLog.Ready(format, host.Addresses));
        await _terminal.Out.FlushAsync(CancellationToken.None);
        if (format == LogFormat.Text)
        {
            await _terminal.Error.WriteLineAsync(NextSteps.For(options, host.Addresses, host.AdminInvitation));
        }

        await using var service = new SystemdService(TimeProvider.System);
        using var reload = Signals.OnReload(() => service.Reload(() => Reload(host)));
        return await Task.WhenAny(WaitFor(stop), host.Ended) == host.Ended ? throw new StorageException(await host.Ended) : ExitCode.Done;
    }

    // What is in force stays when the new files cannot be used; the server goes on.
    private void Reload(LikenessHost host)
    {
        try
        {
            host.Reload();
        }
        catch (Exception refused) when (refused is CertificateRefusedException or FormatException)
        {
            _terminal.Error.WriteLine(refused.Message);
        }
    }

    private static Task WaitFor(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource();
        stop.Register(stopped.SetResult);
        return stopped.Task;
    }
}
