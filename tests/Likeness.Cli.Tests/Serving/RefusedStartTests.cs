namespace Likeness.Cli.Tests.Serving;

/// <summary>What a machine refuses a program is one line, and no stack trace.</summary>
[Trait("Category", "Slow")]
public sealed class RefusedStartTests : IDisposable
{
    // A network of its own has the system's usual rule about ports; a container's may be that everybody has them all.
    private static readonly string PrivilegedPorts =
        $"""if [ "$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start)" -gt 1 ]; then net=; else net="unshare --user --net"; fi; exec {ServeProcess.WithoutRights} $net "$0" "$@" """;

    private readonly TemporaryDirectory _data = new();

    public void Dispose()
    {
        File.SetUnixFileMode(_data.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _data.Dispose();
    }

    [Theory]
    [InlineData("http")]
    [InlineData("xmpp")]
    [InlineData("metrics")]
    public async Task A_port_that_needs_more_rights_is_a_wrong_setting(string key)
    {
        using var program = ServeProcess.Start(PrivilegedPorts, ["serve", "--data", _data.Path, .. Listeners(key)]);

        (await program.End()).ShouldBe(ExitCode.Usage);
        program.Error.ShouldHaveSingleItem().ShouldStartWith($"{key}: 0.0.0.0:1 needs rights that this user does not have (ports below 1024: CAP_NET_BIND_SERVICE)");
    }

    private static string[] Listeners(string key) =>
        [.. new[] { "http", "xmpp", "metrics" }.SelectMany(one => new[] { $"--{one}", one == key ? "0.0.0.0:1" : one == "http" ? "127.0.0.1:0" : "off" })];

    [Theory]
    [InlineData("serve", "--http", "127.0.0.1:0", "--xmpp", "off")]
    [InlineData("user", "add", "juliet@example.org", "--password", "secret")]
    [Trait("Requirement", "D-38")]
    public async Task A_data_directory_that_may_not_be_written_is_said_with_the_remedy(params string[] command)
    {
        File.SetUnixFileMode(_data.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        using var program = ServeProcess.Start($"""exec {ServeProcess.WithoutRights} "$0" "$@" """, [.. command, "--data", _data.Path]);

        (await program.End()).ShouldBe(ExitCode.Usage);
        program.Error.ShouldHaveSingleItem().ShouldMatch($@"^data: '{_data.Path}' may not be written by this user \(chown -R \d+ {_data.Path} ");
    }

    [Theory]
    [Trait("Category", "Integration")]
    [InlineData("serve", "--http", "127.0.0.1:0", "--xmpp", "off")]
    [InlineData("user", "add", "juliet@example.org", "--password", "secret")]
    public async Task A_file_system_that_is_read_only_is_said_to_be_one(params string[] command)
    {
        using var program = ServeProcess.Start(
            $"""exec unshare --user --map-root-user --mount sh -c 'mount -t tmpfs -o ro,mode=0700 none "$LIKENESS_DATA" && exec "$0" "$@"' "$0" "$@" """.Replace("$LIKENESS_DATA", _data.Path, StringComparison.Ordinal),
            [.. command, "--data", _data.Path]);

        (await program.End()).ShouldBe(ExitCode.Usage);
        program.Error.ShouldHaveSingleItem().ShouldStartWith($"data: '{_data.Path}' is on a file system that is read-only");
    }
}
