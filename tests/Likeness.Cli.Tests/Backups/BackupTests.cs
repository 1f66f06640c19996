using System.Formats.Tar;
using System.IO.Compression;
using Likeness.Cli.Tests.Serving;

namespace Likeness.Cli.Tests.Backups;

[Trait("Category", "Slow")]
public sealed class BackupTests : IDisposable
{
    private const string Juliet = "juliet@example.org";
    private readonly TemporaryDirectory _data = new();
    private readonly TemporaryDirectory _other = new();
    private readonly TemporaryDirectory _files = new();

    private string File => _files.File("likeness.tar.gz");

    private string Empty => Path.Combine(_other.Path, "data");

    public void Dispose()
    {
        _data.Dispose();
        _other.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task A_backup_of_a_running_server_brings_every_view_back()
    {
        byte[] web, chat;
        await using (var server = await RunningServer.Start(_data.Path))
        {
            await Done("user", "add", Juliet, "--password", "secret");
            await Done("avatar", "set", Juliet, _files.Write("face.png", TestPicture.Waves(300, 1)));
            await Done("avatar", "lock", Juliet);
            web = await server.Web.GetByteArrayAsync(server.Avatar(Juliet, "s=200&d=404"));
            await using var juliet = await ChatClient.LogIn(server, Juliet);
            chat = (await juliet.Photo())!;

            (await Done("backup", File, "--certificates")).ShouldContain("checked");
        }

        System.IO.File.GetUnixFileMode(File).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await LikenessProgram.Run("restore", File, "--data", Empty)).Code.ShouldBe(ExitCode.Done);

        foreach (var name in new[] { "secret", "self-signed.pem", "self-signed.key" })
        {
            System.IO.File.ReadAllBytes(Path.Combine(Empty, name)).ShouldBe(System.IO.File.ReadAllBytes(_data.File(name)));
        }

        await using var restored = await RunningServer.Start(Empty);
        (await restored.Web.GetByteArrayAsync(restored.Avatar(Juliet, "s=200&d=404"))).ShouldBe(web);
        await using var again = await ChatClient.LogIn(restored, Juliet);
        (await again.Photo()).ShouldBe(chat);
        (await LikenessProgram.Run("log", "--data", Empty)).Output.Split('\n')[0].ShouldContain("restore");
        await Should.ThrowAsync<Likeness.Xmpp.StanzaErrorException>(() => again.SetPhoto(TestPicture.Png()));
    }

    [Fact]
    [Trait("Requirement", "U-7")]
    public async Task What_people_share_comes_back_with_its_age_or_is_left_out()
    {
        var created = new DateTime(2026, 10, 1, 12, 0, 0, DateTimeKind.Utc);
        var name = Path.Combine("uploads", new string('a', 32), $"{new string('b', 32)}.jpg");
        var photo = TestPicture.Waves(900, 3);
        await using (await RunningServer.Start(_data.Path))
        {
            await Done("user", "add", Juliet, "--password", "secret");
            foreach (var path in new[] { name, Path.Combine("uploads", "drafts", "coming"), Path.Combine("uploads", "notes.txt") })
            {
                Directory.CreateDirectory(Path.GetDirectoryName(_data.File(path))!);
                await System.IO.File.WriteAllBytesAsync(_data.File(path), photo, TestContext.Current.CancellationToken);
                System.IO.File.SetLastWriteTimeUtc(_data.File(path), created);
            }

            await Done("backup", File);
            await Done("backup", _files.File("small.tar.gz"), "--no-uploads");
        }

        (await LikenessProgram.Run("restore", File, "--data", Empty)).Error.ShouldBeEmpty();
        System.IO.File.ReadAllBytes(Path.Combine(Empty, name)).ShouldBe(photo);
        System.IO.File.GetLastWriteTimeUtc(Path.Combine(Empty, name)).ShouldBe(created);
        System.IO.File.GetUnixFileMode(Path.Combine(Empty, name)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.EnumerateFiles(Path.Combine(Empty, "uploads"), "*", SearchOption.AllDirectories).ShouldHaveSingleItem();

        // What was there belongs to people who are not there any more.
        (await LikenessProgram.Run("restore", _files.File("small.tar.gz"), "--force", "--data", Empty)).Error.ShouldBeEmpty();
        Directory.Exists(Path.Combine(Empty, "uploads")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_backup_while_pictures_change_is_of_one_moment()
    {
        await using var server = await RunningServer.Start(_data.Path);
        await Done("user", "add", Juliet, "--password", "secret");
        await using var juliet = await ChatClient.LogIn(server, Juliet);
        await juliet.SetPhoto(TestPicture.Png());
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var edge = 1; !stop.IsCancellationRequested; edge++)
            {
                await juliet.SetPhoto(TestPicture.Png((edge % 90) + 1, 8));
            }
        });

        for (var round = 0; round < 3; round++)
        {
            await Done("backup", File, "--force");
            (await LikenessProgram.Run("restore", File, "--force", "--data", Empty)).Error.ShouldBeEmpty();
            (await LikenessProgram.Run("avatar", "get", Juliet, "-o", _files.File("out.png"), "--data", Empty)).Error.ShouldBeEmpty();
        }

        await stop.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task A_restore_is_refused_over_a_running_server_and_over_what_is_there()
    {
        await using (await RunningServer.Start(_data.Path))
        {
            await Done("user", "add", Juliet, "--password", "secret");
            await Done("backup", File);
            Refused(await Run("restore", File, "--force")).ShouldContain("stop it first");
        }

        Refused(await Run("restore", File)).ShouldContain("--force");
        await Done("user", "add", "romeo@example.org", "--password", "secret");

        await Done("restore", File, "--force");

        (await Done("user", "list", "--domain", "example.org")).Trim().ShouldBe(Juliet);
    }

    [Fact]
    public async Task The_settings_come_back_where_there_are_none()
    {
        const string Settings = """{ "domain": ["example.org"] }""";
        _data.Write("likeness.json", Settings);
        await Done("user", "add", Juliet, "--password", "secret");
        await Done("backup", File);

        (await LikenessProgram.Run("restore", File, "--data", Empty)).Error.ShouldBeEmpty();

        (await System.IO.File.ReadAllTextAsync(Path.Combine(Empty, "likeness.json"))).ShouldBe(Settings);
        (await LikenessProgram.Run("user", "list", "--data", Empty)).Output.Trim().ShouldBe(Juliet);
        _data.Write("likeness.json", """{ "domain": ["example.org", "example.net"] }""");
        await Done("restore", File, "--force");
        (await System.IO.File.ReadAllTextAsync(_data.File("likeness.json"))).ShouldContain("example.net");
    }

    [Fact]
    public async Task A_damaged_backup_is_refused_in_one_line_before_anything_is_touched()
    {
        await Done("user", "add", Juliet, "--password", "secret");
        await Done("avatar", "set", Juliet, _files.Write("face.png", TestPicture.Waves(300, 1)));
        await Done("backup", File);
        var whole = await System.IO.File.ReadAllBytesAsync(File);

        await RefusedAsDamaged([]);
        await RefusedAsDamaged("no archive"u8.ToArray());
        await RefusedAsDamaged(whole[..(whole.Length / 2)]);
        await RefusedAsDamaged(Changed(whole, (name, content) => name.Contains("accounts", StringComparison.Ordinal) ? [.. content.Reverse()] : content));
        await RefusedAsDamaged(Changed(whole, (name, content) => name.Contains("pictures", StringComparison.Ordinal) ? null : content));
        await RefusedAsDamaged(Changed(whole, (name, content) => name == "manifest.json" ? null : content));
        var random = new Random(5);
        for (var round = 0; round < 30; round++)
        {
            var bytes = (byte[])whole.Clone();
            bytes[random.Next(20, bytes.Length)] ^= (byte)(1 << random.Next(8));
            if (!SaysTheSame(bytes, whole))
            {
                await RefusedAsDamaged(bytes);
            }
        }

        Directory.Exists(Empty).ShouldBeFalse();
    }

    private static byte[] Changed(byte[] backup, Func<string, byte[], byte[]?> change)
    {
        using var tar = new TarReader(new GZipStream(new MemoryStream(backup), CompressionMode.Decompress));
        using var changed = new MemoryStream();
        using (var packed = new GZipStream(changed, CompressionLevel.Fastest, leaveOpen: true))
        using (var writer = new TarWriter(packed, TarEntryFormat.Ustar))
        {
            while (tar.GetNextEntry(copyData: true) is { } entry)
            {
                var content = new byte[entry.Length];
                entry.DataStream?.ReadExactly(content);
                if (change(entry.Name, content) is { } kept)
                {
                    writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, entry.Name) { DataStream = new MemoryStream(kept) });
                }
            }
        }

        return changed.ToArray();
    }

    // Some bits of packed data mean nothing: with another one all is there, as it was written.
    private static bool SaysTheSame(byte[] backup, byte[] whole)
    {
        try
        {
            return Unpacked(backup).SequenceEqual(Unpacked(whole));
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static byte[] Unpacked(byte[] backup)
    {
        using var unpacked = new MemoryStream();
        using var packed = new GZipStream(new MemoryStream(backup), CompressionMode.Decompress);
        packed.CopyTo(unpacked);
        return unpacked.ToArray();
    }

    private async Task RefusedAsDamaged(byte[] backup) =>
        Refused(await LikenessProgram.Run("restore", _files.Write("damaged.tar.gz", backup), "--data", Empty)).ShouldContain("damaged.tar.gz");

    private static string Refused(Ran ran)
    {
        ran.Code.ShouldBe(ExitCode.Failed);
        return ran.ErrorLines.ShouldHaveSingleItem();
    }

    private Task<Ran> Run(params string[] arguments) => LikenessProgram.Run([.. arguments, "--data", _data.Path]);

    private async Task<string> Done(params string[] arguments)
    {
        var ran = await Run(arguments);
        ran.Code.ShouldBe(ExitCode.Done, ran.Error);
        return ran.Output;
    }
}
