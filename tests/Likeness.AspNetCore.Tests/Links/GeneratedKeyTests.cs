using System.Runtime.Versioning;
using Likeness.AspNetCore.Links;

namespace Likeness.AspNetCore.Tests.Links;

public sealed class GeneratedKeyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("likeness-");

    private string KeyFile => Path.Combine(_folder.FullName, "below", "site.key");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_key_is_made_once_and_found_again()
    {
        var key = GeneratedKey.In(KeyFile);

        key.Length.ShouldBeGreaterThanOrEqualTo(AvatarSiteOptions.MinKeyLength);
        GeneratedKey.In(KeyFile).ShouldBe(key);
        GeneratedKey.In(KeyFile + "2").ShouldNotBe(key);
    }

    [Fact]
    public async Task Processes_that_start_together_agree_on_one_key()
    {
        var keys = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => GeneratedKey.In(KeyFile))));

        keys.Distinct().Count().ShouldBe(1);
        Directory.GetFiles(Path.GetDirectoryName(KeyFile)!).ShouldBe([KeyFile]);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_key_is_for_its_owner_only()
    {
        GeneratedKey.In(KeyFile);

        File.GetUnixFileMode(KeyFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void A_file_without_a_key_is_refused_and_kept()
    {
        GeneratedKey.In(KeyFile);
        File.WriteAllText(KeyFile, "short");

        Should.Throw<InvalidOperationException>(() => GeneratedKey.In(KeyFile)).Message.ShouldContain(KeyFile);
        File.ReadAllText(KeyFile).ShouldBe("short");
    }
}
