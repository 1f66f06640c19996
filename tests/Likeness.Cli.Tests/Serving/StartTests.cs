using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Likeness.Cli.Commands;
using Likeness.Server;
using Likeness.Server.Options;
using Likeness.Server.Tls;
using Microsoft.Extensions.Logging;

namespace Likeness.Cli.Tests.Serving;

/// <summary>What keeps a server from starting is one line, and no stack trace.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData("--http", "--xmpp")]
    [InlineData("--xmpp", "--http")]
    public async Task A_port_in_use_is_named_with_its_setting(string flag, string other)
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();

        var ran = await Serve(flag, taken.LocalEndPoint!.ToString()!, other, "off");

        ran.Code.ShouldBe(ExitCode.Failed);
        ran.ErrorLines.ShouldHaveSingleItem().ShouldBe($"likeness: {flag[2..]}: {taken.LocalEndPoint} is in use by another program; end it, or say another port.");
    }

    [Theory]
    [InlineData("--http", "--xmpp")]
    [InlineData("--xmpp", "--http")]
    public async Task An_address_of_another_machine_is_a_wrong_setting(string flag, string other)
    {
        var ran = await Serve(flag, "192.0.2.1:8080", other, "off");

        ran.Code.ShouldBe(ExitCode.Usage);
        ran.ErrorLines.ShouldHaveSingleItem().ShouldStartWith($"{flag[2..]}: 192.0.2.1:8080 is not an address of this machine");
    }

    [Fact]
    public async Task The_web_server_adds_no_stack_trace_to_it()
    {
        using var logged = new Lines();
        var options = new LikenessOptions { DataDirectory = _data.Path, Http = [new IPEndPoint(IPAddress.Parse("192.0.2.1"), 8080)], Xmpp = [] };

        await Should.ThrowAsync<OptionsRefusedException>(() => LikenessHost.Start(
            options, new HostSurroundings(RenderWorkerCommand.OwnCommand()) { Logging = logging => logging.AddProvider(logged) }, TestContext.Current.CancellationToken));

        logged.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_of_another_certificate_is_a_wrong_setting()
    {
        var (certificate, _) = SelfSignedCertificate.Ensure(_data.Path, ["example.org"], TimeProvider.System);
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = _data.Write("other.key", stranger.ExportPkcs8PrivateKeyPem());

        var ran = await Serve("--http", "127.0.0.1:0", "--cert", certificate, "--key", key);

        ran.Code.ShouldBe(ExitCode.Usage);
        ran.ErrorLines.ShouldHaveSingleItem().ShouldStartWith($"likeness: {certificate} with {key}: ");
    }

    [Fact]
    [Trait("Requirement", "C-5")]
    public void A_certificate_that_is_old_or_for_another_domain_is_warned_of()
    {
        var source = new CertificateSource([SelfSignedCertificate.Ensure(_data.Path, ["example.org"], TimeProvider.System)]);
        var options = new LikenessOptions { DataDirectory = _data.Path, Domains = ["example.org"] };

        source.Warnings(options, DateTimeOffset.UtcNow).ShouldBeEmpty();
        source.Warnings(options, DateTimeOffset.UtcNow.AddYears(6)).ShouldHaveSingleItem().ShouldContain("expired at");
        source.Warnings(options with { Domains = ["example.org", "bücher.example"] }, DateTimeOffset.UtcNow).ShouldHaveSingleItem()
            .ShouldStartWith("No certificate is for bücher.example");
        source.Warnings(options with { Domains = ["example.net"], Xmpp = [] }, DateTimeOffset.UtcNow).ShouldBeEmpty("only the web is served, under whatever name");
    }

    [Fact]
    [Trait("Requirement", "P-23")]
    public async Task A_setting_without_effect_is_told_at_start_and_by_the_check()
    {
        const string Warning = "page-proofs (likeness.json): no effect without public-url; --public-url https://avatars.example.org would give it one, else leave it out.";
        using var logged = new Lines();
        var said = new OptionSource("likeness.json", ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("page-proofs", ["on"]).Add("http", ["127.0.0.1:0"]).Add("xmpp", ["off"]));
        var options = OptionReader.Read(new LikenessOptions { DataDirectory = _data.File("data") }, said);
        await using (await LikenessHost.Start(
            options, new HostSurroundings(RenderWorkerCommand.OwnCommand()) { Logging = logging => logging.AddProvider(logged) }, TestContext.Current.CancellationToken))
        {
            lock (logged.Said)
            {
                logged.Said.ShouldContain(line => line.StartsWith(Warning, StringComparison.Ordinal));
            }
        }

        _data.Write("likeness.json", """{ "page-proofs": "on" }""");
        var ran = await LikenessProgram.Run("config", "check", "--data", _data.Path);
        ran.Code.ShouldBe(ExitCode.Done);
        ran.ErrorLines.ShouldHaveSingleItem().ShouldBe("likeness: " + Warning.Replace("likeness.json", $"{_data.File("likeness.json")}, line 1", StringComparison.Ordinal));
    }

    private Task<Ran> Serve(params string[] flags) => LikenessProgram.Run(["serve", "--data", _data.File("data"), .. flags]);

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public List<string> Said { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                lock (Said)
                {
                    Said.Add($"{formatter(state, exception)} {exception}");
                }
            }
        }

        public void Dispose()
        {
        }
    }
}
