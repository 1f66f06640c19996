using Likeness.Cli.Demo;

namespace Likeness.Cli.Tests;

public sealed class ProsodyPackagesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly StringWriter _error = new();

    [Fact]
    public async Task What_is_missing_is_installed_when_the_person_says_so()
    {
        (await Ensure("y", interactive: true)).ShouldBeTrue();
        File.ReadAllText(_directory.File("asked")).Trim().ShouldBe("install -y prosody prosody-modules");
        (await Ensure("", interactive: true)).ShouldBeTrue("everything is there now");
    }

    [Theory]
    [InlineData("n", true)]
    [InlineData("y", false)]
    public async Task Where_nobody_says_so_it_is_only_named(string answer, bool interactive)
    {
        (await Ensure(answer, interactive)).ShouldBeFalse();
        _error.ToString().Trim().ShouldBe("likeness: This demo needs prosody prosody-modules: apt-get install prosody prosody-modules");
        File.Exists(_directory.File("asked")).ShouldBeFalse();
    }

    public void Dispose()
    {
        _error.Dispose();
        _directory.Dispose();
    }

    private async Task<bool> Ensure(string answer, bool interactive)
    {
        Script("sudo", "exec \"$(dirname \"$0\")/$@\"");
        Script("apt-get", $"cd '{_directory.Path}'; echo \"$@\" >asked; touch prosody; mkdir -p modules/mod_privilege; touch modules/mod_privilege/mod_privilege.lua");
        using var output = new StringWriter();
        return await new ProsodyPackages(_directory.Path, _directory.File("modules"))
            .Ensure(new Terminal(new StringReader(answer), output, _error, interactive), default);
    }

    private void Script(string name, string text)
    {
        File.WriteAllText(_directory.File(name), $"#!/bin/sh\n{text}\n");
        File.SetUnixFileMode(_directory.File(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
