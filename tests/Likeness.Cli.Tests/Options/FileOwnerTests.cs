using Likeness.Server.Options;

namespace Likeness.Cli.Tests.Options;

public sealed class FileOwnerTests : IDisposable
{
    private static readonly FileUser Other = new(65534, 65534);
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Only_root_gives_files_away()
    {
        var file = _folder.Write("file", "text");

        if (FileOwner.Current == 0)
        {
            FileOwner.Give(file, Other);
            FileOwner.Of(file).ShouldBe(Other);
        }
        else
        {
            Should.Throw<IOException>(() => FileOwner.Give(file, Other));
        }
    }

    [Fact]
    public void What_somebody_put_in_the_place_of_a_file_is_left_alone()
    {
        var file = _folder.Write("file", "text");
        var before = FileOwner.Of(file);
        File.CreateSymbolicLink(_folder.File("link"), file);
        System.Diagnostics.Process.Start("ln", [file, _folder.File("second-name")])!.WaitForExit();

        FileOwner.Give(_folder.File("link"), Other);
        FileOwner.Give(_folder.File("second-name"), Other);
        FileOwner.Give(_folder.File("nothing"), Other);

        FileOwner.Of(file).ShouldBe(before);
    }

    [Fact]
    public async Task What_root_makes_in_somebody_elses_data_is_left_to_them()
    {
        var data = Directory.CreateDirectory(_folder.File("data")).FullName;
        if (FileOwner.Current == 0)
        {
            FileOwner.Give(data, Other);
        }

        (await LikenessProgram.Run("user", "add", "juliet@example.org", "--password", "secret", "--data", data)).Code.ShouldBe(ExitCode.Done);

        foreach (var entry in Directory.EnumerateFileSystemEntries(data))
        {
            FileOwner.Of(entry).ShouldBe(FileOwner.Of(data), entry);
        }
    }

    [Fact]
    public void A_commands_data_is_the_services_for_its_user_and_for_root()
    {
        var settings = _folder.Write("likeness.json", "{}");
        var owner = FileOwner.Of(_folder.Path)!.Id;

        DataDirectory.BelongsToService(_folder.Path, settings, owner).ShouldBeTrue();
        DataDirectory.BelongsToService(_folder.Path, settings, 0).ShouldBeTrue();
        DataDirectory.BelongsToService(_folder.Path, settings, owner + 1).ShouldBe(owner + 1 == 0);
        DataDirectory.BelongsToService(_folder.Path, _folder.File("none"), 0).ShouldBeFalse();
        DataDirectory.BelongsToService(_folder.File("none"), settings, 0).ShouldBeFalse();
    }

    [Fact]
    public void The_services_user_is_the_one_that_packages_make()
    {
        var users = _folder.Write("passwd", "root:x:0:0:root:/root:/bin/sh\nlikeness:x:997:998:Likeness avatar server:/var/lib/likeness:/usr/sbin/nologin\n");

        FileOwner.OfTheService(users).ShouldBe(new FileUser(997, 998));
        FileOwner.OfTheService(_folder.Write("others", "root:x:0:0:root:/root:/bin/sh\n")).ShouldBeNull();
    }
}
