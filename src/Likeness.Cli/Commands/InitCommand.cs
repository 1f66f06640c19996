using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using Likeness.Cli.Checks;
using Likeness.Cli.Federation;
using Likeness.Server;
using Likeness.Server.Administration;
using Likeness.Server.Control;
using Likeness.Server.Options;

namespace Likeness.Cli.Commands;

/// <summary>The first five minutes, the same for a package, a tarball and a checkout.</summary>
internal sealed class InitCommand : TeachingCommand
{
    private const int RecordLifetime = 3600;
    private readonly Terminal _terminal;
    private readonly CommonOptions _common;
    private readonly SettingFlags _settings;
    private readonly PasswordOption _password;
    private readonly Option<string?> _account = new("--account") { Description = "The first account, name@domain. Without it: asked for at a terminal, else none is made.", HelpName = "JID" };
    private readonly Option<bool> _invite = new("--invite") { Description = "No password now: prints an invitation, with which the account is opened in a chat program." };
    private readonly Option<bool> _force = new("--force") { Description = "Replace a settings file that is there; it is kept with .old behind its name." };
    private readonly Option<bool> _check = new("--check") { Description = "Then ask DNS and the domain's servers what the world sees, as 'likeness check' does. Without it nothing is asked on the network." };

    public InitCommand(Terminal terminal)
        : base("init", "Sets a server up: writes its settings, makes its data directory and the first account, and says which DNS records it needs. Every setting can be given.")
    {
        _terminal = terminal;
        Add(_account);
        _password = new PasswordOption(this, terminal);
        Add(_invite);
        Add(_force);
        Add(_check);
        _common = CommonOptions.AddTo(this);
        _settings = SettingFlags.AddTo(this);
        SetAction(Init);
        Examples =
        [
            "likeness init",
            "likeness init --domain example.org --account juliet@example.org --password-file juliet.password",
            "likeness init --domain example.org --account juliet@example.org --invite",
            "likeness init --domain example.org --xmpp '*:5222' --cert example.org.pem --key example.org.key --public-url https://avatars.example.org",
        ];
    }

    private async Task<int> Init(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (data, file) = (_common.Directory(parsed), _common.ConfigurationPath(parsed, out var isSaid));
        var installation = new Installation(data, file);
        installation.RefuseExisting(parsed.GetValue(_force));
        var isRunning = await installation.IsRunning(cancellationToken);

        var said = await WithDomain(_settings.Read(parsed), cancellationToken);
        OptionSource[] sources = [said, OptionSource.FromEnvironment(Environment.GetEnvironmentVariables())];
        var options = OptionReader.Read(new LikenessOptions { DataDirectory = data }, sources);
        var warnings = OptionCheck.Warnings(options, TimeProvider.System);

        await using var administrator = new Administrator(data, RenderWorkerCommand.OwnCommand(), sources);
        var account = await Account(parsed, options, isRunning, cancellationToken);
        var isInvited = parsed.GetValue(_invite);
        if (account is not null)
        {
            await CheckFree(parsed, administrator, account, isRunning, cancellationToken);
        }

        var add = account is null || isInvited ? null : new AddUser(account, await _password.Read(parsed, cancellationToken));

        installation.Write(said);
        await Say($"Settings  {file}");
        await Say($"Data      {data}");
        if (isInvited)
        {
            var links = (await administrator.Run(new Invite(account, null, null), cancellationToken)).Lines!;
            await Say($"Invited   {string.Join($"{Environment.NewLine}          ", links)}");
        }

        if (add is not null)
        {
            await Say($"Account   {(await administrator.Run(add, cancellationToken)).Text}");
        }

        await Say($"Checked   the settings can be used{(warnings.Count == 0 ? "" : "; see the warnings")}; nothing was asked on the network");
        foreach (var warning in warnings)
        {
            await _terminal.Error.WriteLineAsync("likeness: " + warning);
        }

        await SayRecords(options);
        await SayNext(options, file, isSaid, account, add is not null || isInvited, isRunning);
        return await IsChecked(parsed, options, cancellationToken) ? await Check(options, cancellationToken) : ExitCode.Done;
    }

    private async Task<OptionSource> WithDomain(OptionSource said, CancellationToken cancellationToken)
    {
        if (said.Values.ContainsKey("domain") || OptionSource.FromEnvironment(Environment.GetEnvironmentVariables()).Values.ContainsKey("domain"))
        {
            return said;
        }

        var typed = _terminal.Interactive ? await _terminal.Ask("Domain of the addresses, such as example.org:", cancellationToken) : "";
        return typed.Length > 0
            ? said with { Values = said.Values.Add("domain", [typed]) }
            : throw new OptionsRefusedException([new OptionProblem("domain", "the command line", "say whose people this server shows", "--domain example.org")]);
    }

    /// <summary>Null: none is to be made now.</summary>
    private async Task<string?> Account(ParseResult parsed, LikenessOptions options, bool isRunning, CancellationToken cancellationToken)
    {
        var typed = parsed.GetValue(_account);
        if (typed is null && _terminal.Interactive && !isRunning)
        {
            typed = await _terminal.Ask($"First account, such as you@{options.Domains[0]} (empty: none):", cancellationToken);
        }

        return string.IsNullOrEmpty(typed) ? null : AccountName.Read(typed, options.DomainPolicies()).Value;
    }

    /// <summary>Looks at everything that could be refused, so that nothing is half done.</summary>
    private async Task CheckFree(ParseResult parsed, Administrator administrator, string account, bool isRunning, CancellationToken cancellationToken)
    {
        try
        {
            // Where nothing is yet nobody is either, and looking would make the directory.
            if (Directory.Exists(_common.Directory(parsed)))
            {
                await administrator.Run(new CheckAccount(account, Exists: false), cancellationToken);
            }
        }
        catch (OperationRefusedException refused) when (isRunning)
        {
            throw new OperationRefusedException($"{refused.Message} A server runs on this data directory with other settings: stop it first, or do without --account now.", refused);
        }
    }

    private async Task SayRecords(LikenessOptions options)
    {
        await Say("");
        await Say("DNS records by which others find it (for your provider's form: likeness dns DOMAIN):");
        foreach (var domain in options.Domains)
        {
            if (HostText.TryRead(domain, out var name) && HostText.TryRead(options.PublicUrl?.Host ?? $"avatars.{name}", out var host))
            {
                var (secure, plain) = options.PublicUrl is { } url ? (url.Scheme == "https" ? url.Port : 0, url.Scheme == "http" ? url.Port : 0) : (443, 80);
                var records = new ServerRecords(name, host, secure, plain, PortOf(options.Xmpp), PortOf(options.Xmpps), RecordLifetime) { ServerPort = PortOf(options.S2s), ServerTlsPort = PortOf(options.S2sTls) };
                foreach (var line in records.Zone())
                {
                    await Say("  " + line);
                }
            }
        }
    }

    private static int PortOf(ImmutableArray<IPEndPoint> listeners) => listeners.IsEmpty ? 0 : listeners[0].Port;

    private async Task SayNext(LikenessOptions options, string file, bool isSaid, string? account, bool isAdded, bool isRunning)
    {
        var isService = options.DataDirectory == DataDirectory.OfTheService;
        var data = options.DataDirectory == DataDirectory.Default() ? "" : $" --data {options.DataDirectory}";
        var config = isSaid && file != OptionFile.Of(options.DataDirectory) ? $" --config {file}" : "";
        var person = account ?? $"you@{options.Domains[0]}";
        await Say("");
        await Say("Next:");
        await Say(isService ? "  systemctl restart likeness" : isRunning ? "  start the server again: it has the settings of before" : $"  likeness serve{data}{config}");
        await Say(isAdded ? $"  likeness avatar set {person} portrait.jpg{data}{config}" : $"  likeness user add {person}{data}{config}");
        await Say($"  likeness check {options.Domains[0]}");
    }

    private async Task<bool> IsChecked(ParseResult parsed, LikenessOptions options, CancellationToken cancellationToken) =>
        parsed.GetValue(_check)
        || (_terminal.Interactive
            && (await _terminal.Ask($"{Environment.NewLine}Ask DNS and the servers of {options.Domains[0]} now, what the world sees? [y/N]", cancellationToken))
                .StartsWith("y", StringComparison.OrdinalIgnoreCase));

    private async Task<int> Check(LikenessOptions options, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        foreach (var domain in options.Domains)
        {
            if (CheckTarget.Read(domain) is { } target)
            {
                findings.AddRange(await CheckCommand.Examine(_terminal, new Reach(null, AllowsPrivate: false, null, []), target, isTold: true, cancellationToken));
            }
        }

        CheckReport.WriteSum(_terminal, findings);
        return ExitCode.Done;
    }

    private Task Say(string line) => _terminal.Out.WriteLineAsync(line);
}
