using Likeness.Cli.Checks;
using Likeness.Cli.Federation;

namespace Likeness.Cli.Tests.Checks;

/// <summary>Each fault is planted by itself into a domain that is right otherwise, over real sockets.</summary>
[Trait("Requirement", "L-8C")]
[Trait("Category", "Slow")]
public sealed class PlantedFaultTests
{
    /// <summary>Servers on loopback cannot have the usual ports.</summary>
    private const string OddPort = "srv-port-unusual";

    [Theory]
    [InlineData("club.test")]
    [InlineData(FaultyDomain.Person)]
    [InlineData("nobody@club.test")]
    public async Task Where_everything_is_right_nothing_is_found(string target)
    {
        await using var domain = new FaultyDomain("");

        var (code, findings) = await domain.Check(target);

        findings.Where(finding => finding.Level != "ok" && finding.Id != OddPort).ShouldBeEmpty();
        findings.Count.ShouldBeGreaterThan(20);
        code.ShouldBe(ExitCode.Done);
    }

    [Theory]
    [Trait("Requirement", "L-80")]
    [Trait("Requirement", "L-84")]
    [Trait("Requirement", "L-86")]
    [InlineData("no-records", "srv-missing", "warning")]
    [InlineData("", OddPort, "warning")]
    [InlineData("only-plain", "srv-secure-missing", "warning")]
    [InlineData("servfail", "dns-failed", "wrong")]
    [InlineData("dot", "srv-absent", "warning")]
    [InlineData("dot-among", "srv-dot-among-others", "wrong")]
    [InlineData("address", "srv-target-address", "wrong")]
    [InlineData("underscore", "srv-target-invalid", "wrong")]
    [InlineData("port-zero", "srv-port-zero", "wrong")]
    [InlineData("port-80", "srv-port-of-other-scheme", "warning")]
    [InlineData("alias", "srv-target-alias", "warning")]
    [InlineData("no-address", "target-no-address", "wrong")]
    [InlineData("duplicate", "srv-duplicate", "warning")]
    [InlineData("weight-zero", "srv-weight-zero", "warning")]
    [InlineData("too-many", "srv-too-many", "warning")]
    [InlineData("ttl-short", "srv-ttl-short", "warning")]
    [InlineData("ttl-long", "srv-ttl-long", "warning")]
    [InlineData("differ-hosts", "srv-targets-differ", "warning")]
    public Task A_fault_in_DNS_is_found(string fault, string finding, string level) => IsFound(fault, finding, level);

    [Theory]
    [Trait("Requirement", "L-85")]
    [InlineData("closed", "tcp-closed", "wrong")]
    [InlineData("tls-silent", "tls-failed", "wrong")]
    [InlineData("tls-name", "tls-name", "wrong")]
    [InlineData("expired", "tls-expired", "wrong")]
    [InlineData("not-yet", "tls-not-yet", "wrong")]
    [InlineData("ends-soon", "tls-ends-soon", "warning")]
    [InlineData("self-signed", "tls-self-signed", "wrong")]
    [InlineData("untrusted", "tls-untrusted", "wrong")]
    [InlineData("no-http", "http-failed", "wrong")]
    [InlineData("no-avatars", "no-avatars", "wrong")]
    public Task A_fault_in_the_connection_is_found(string fault, string finding, string level) => IsFound(fault, finding, level);

    [Theory]
    [Trait("Requirement", "C-1")]
    [InlineData("chat-server-only", "chat-srv-client-missing", "warning")]
    [InlineData("chat-port-zero", "srv-port-zero", "wrong")]
    [InlineData("chat-no-address", "target-no-address", "wrong")]
    [InlineData("chat-closed", "tcp-closed", "wrong")]
    [InlineData("chat-host-unknown", "tls-failed", "wrong")]
    [InlineData("chat-no-tls", "tls-failed", "wrong")]
    [InlineData("chat-refuses-tls", "tls-failed", "wrong")]
    [InlineData("chat-name", "tls-name", "wrong")]
    [InlineData("chat-expired", "tls-expired", "wrong")]
    [InlineData("chat-untrusted", "tls-untrusted", "wrong")]
    public Task A_fault_of_the_chat_server_is_found(string fault, string finding, string level) => IsFound(fault, finding, level);

    [Theory]
    [Trait("Requirement", "F-33")]
    [InlineData("", "s2s-keys", "ok")]
    [InlineData("s2s-certificates", "s2s-certificates", "ok")]
    [InlineData("s2s-keys-none", "s2s-keys-none", "warning")]
    [InlineData("s2s-keys-any", "s2s-keys-any", "wrong")]
    [InlineData("chat-expired", "tls-expired", "wrong")]
    public async Task What_other_servers_would_meet_is_found_with_and_without_STARTTLS(string fault, string finding, string level)
    {
        await using var domain = new FaultyDomain(fault);

        var (_, findings) = await domain.Check("club.test");

        findings.Count(found => found == (finding, level)).ShouldBeGreaterThanOrEqualTo(2);
    }

    [Theory]
    [InlineData("strangers-none", FaultyDomain.Person, "size")]
    [InlineData("nobody", FaultyDomain.Person, "person-none")]
    [InlineData("nobody", "club.test", "speed")]
    public async Task A_server_that_has_404_for_strangers_is_one_with_avatars(string fault, string target, string seen)
    {
        await using var domain = new FaultyDomain(fault);

        var (code, findings) = await domain.Check(target);

        findings.Where(finding => finding.Level != "ok" && finding.Id != OddPort).ShouldAllBe(finding => finding.Id == "strangers-none");
        findings.ShouldContain(("strangers-none", "warning"));
        findings.ShouldContain((seen, "ok"));
        code.ShouldBe(ExitCode.Done);
    }

    [Theory]
    [InlineData("size", "size", "wrong")]
    [InlineData("over", "size-over", "wrong")]
    [InlineData("over-small", "size-over", "warning")]
    [InlineData("bad-size", "size-bad", "wrong")]
    [InlineData("bad-size-small", "size-bad", "warning")]
    [InlineData("not-found", "not-found", "wrong")]
    [InlineData("not-found-page", "not-found-html", "warning")]
    [InlineData("default", "default", "wrong")]
    [InlineData("same", "identicon-same", "warning")]
    [InlineData("sha256", "hash-unknown", "wrong")]
    [InlineData("differ", "hashes-differ", "wrong")]
    [InlineData("upper", "hash-upper-case", "warning")]
    [InlineData("extension", "extension", "wrong")]
    [InlineData("extension-ignored", "extension-ignored", "warning")]
    [InlineData("type", "content-type", "wrong")]
    [InlineData("nosniff", "nosniff", "warning")]
    [InlineData("cors", "cors", "warning")]
    [InlineData("cookies", "cookies", "warning")]
    [InlineData("cache", "cache-control", "warning")]
    [InlineData("not-modified", "not-modified", "warning")]
    [InlineData("validator", "validator", "warning")]
    [InlineData("head", "head", "wrong")]
    [InlineData("head-differs", "head-differs", "warning")]
    [InlineData("options", "options", "warning")]
    [InlineData("open-redirect", "open-redirect", "wrong")]
    [InlineData("open-redirect-user", "open-redirect", "wrong")]
    [InlineData("injection", "header-injection", "wrong")]
    [InlineData("loop", "redirect-loop", "wrong")]
    [InlineData("chain", "redirect-chain", "warning")]
    [InlineData("downgrade", "redirect-downgrade", "wrong")]
    [InlineData("bad-hash", "bad-hash", "wrong")]
    [InlineData("bad-hash-page", "bad-hash-page", "warning")]
    [InlineData("error", "server-error", "wrong")]
    [InlineData("error-paths", "error-paths", "wrong")]
    [InlineData("person-failed", "person-failed", "wrong")]
    public Task A_fault_of_the_server_is_found(string fault, string finding, string level) => IsFound(fault, finding, level);

    [Fact]
    [Trait("Requirement", "L-80")]
    public async Task A_domain_without_records_is_wrong_when_it_is_the_domain_that_is_checked()
    {
        await using var domain = new FaultyDomain("no-records");

        var (code, findings) = await domain.Check("club.test");

        findings.ShouldBe([("srv-missing", "wrong"), ("chat-srv-missing", "ok")]);
        code.ShouldBe(ExitCode.Failed);
    }

    [Fact]
    public async Task The_report_says_what_to_do_on_one_line_for_each_finding()
    {
        await using var domain = new FaultyDomain("tls-name");

        var ran = await domain.CheckAsText("club.test");

        ran.Code.ShouldBe(ExitCode.Failed);
        ran.ErrorLines.ShouldHaveSingleItem().ShouldBe("likeness: club.test: 1 thing is wrong.");
        var lines = ran.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldContain(line => line.StartsWith("wrong   avatars.club.test 127.0.0.1:", StringComparison.Ordinal) && line.Contains("Get one for avatars.club.test"));
        lines[..^1].ShouldAllBe(line => line.StartsWith("ok ", StringComparison.Ordinal) || line.StartsWith("wrong ", StringComparison.Ordinal) || line.Contains("The port is"));
        lines[^1].ShouldEndWith(" ok, 2 warnings, 1 wrong");
    }

    [Fact]
    public async Task What_is_found_is_told_at_once_although_a_server_hangs()
    {
        await using var domain = new FaultyDomain("hangs");
        using var stop = new CancellationTokenSource();
        using var output = new TellingWriter("It accepts connections.");
        using var error = new StringWriter();

        var checking = domain.Check("club.test", new Terminal(TextReader.Null, output, error, Interactive: false), stop.Token);
        await output.Told;
        checking.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();

        (await checking).ShouldBe(ExitCode.Failed);
        output.ToString().ShouldContain("_avatars-sec._tcp.club.test");
    }

    [Fact]
    public async Task Before_anything_is_looked_at_it_is_said_what()
    {
        await using var domain = new FaultyDomain("");
        var looked = new List<string>();
        var reach = new Reach(System.Net.IPEndPoint.Parse(domain.Dns.Address), true, null, []);

        await foreach (var finding in new Examination(reach, TimeProvider.System, looked.Add).Run(CheckTarget.Read("club.test")!, CancellationToken.None))
        {
            looked.ShouldNotBeEmpty(finding.Text);
        }

        looked[0].ShouldBe("DNS of club.test");
        looked.ShouldContain(subject => subject.StartsWith("connections to avatars.club.test:", StringComparison.Ordinal));
        looked.ShouldContain(subject => subject.EndsWith(": Size", StringComparison.Ordinal));
        looked.ShouldContain(subject => subject.StartsWith("the chat server at chat.club.test:", StringComparison.Ordinal));
    }

    /// <summary>Says when a text was written.</summary>
    private sealed class TellingWriter(string text) : StringWriter
    {
        private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Told => _told.Task;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(text, StringComparison.Ordinal) == true)
            {
                _told.TrySetResult();
            }
        }
    }

    private static async Task IsFound(string fault, string finding, string level)
    {
        await using var domain = new FaultyDomain(fault);

        var (code, findings) = await domain.Check(FaultyDomain.Person);

        findings.ShouldContain((finding, level));
        code.ShouldBe(findings.Any(found => found.Level == "wrong") ? ExitCode.Failed : ExitCode.Done);
    }
}
