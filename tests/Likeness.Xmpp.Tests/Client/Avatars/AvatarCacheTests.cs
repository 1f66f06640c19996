using Likeness.Xmpp.Client.Avatars;
using Likeness.Xmpp.Payloads;

namespace Likeness.Xmpp.Tests.Client.Avatars;

public sealed class AvatarCacheTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("likeness-avatars-").FullName;

    [Fact]
    public void What_one_session_kept_the_next_one_has()
    {
        var id = new AvatarCache(_folder).Add(Picture(1));
        new AvatarCache(_folder).Find(id).ShouldBe(Picture(1));
    }

    [Fact]
    [Trait("Requirement", "X84-23")]
    public void A_file_that_is_not_what_its_name_says_is_not_believed()
    {
        var id = new AvatarCache(_folder).Add(Picture(1));
        File.WriteAllBytes(Path.Combine(_folder, id), Picture(2));
        new AvatarCache(_folder).Find(id).ShouldBeNull();
        File.Exists(Path.Combine(_folder, id)).ShouldBeFalse();
        new AvatarCache(_folder).Find("../../etc/passwd").ShouldBeNull();
    }

    [Fact]
    public void Memory_and_folder_are_bounded_and_what_was_used_last_stays()
    {
        var memory = new AvatarCache(maxBytes: 300);
        var first = memory.Add(Picture(1));
        memory.Add(Picture(2));
        memory.Add(Picture(3));
        memory.Find(first).ShouldNotBeNull();
        memory.Add(Picture(4));
        memory.Find(first).ShouldNotBeNull();
        memory.Find(Xep0084UserAvatar.IdOf(Picture(2))).ShouldBeNull();

        var folder = new AvatarCache(_folder, maxBytes: 0, maxFolderBytes: 1000);
        for (var picture = 0; picture < 50; picture++)
        {
            folder.Add(Picture(picture));
        }

        new DirectoryInfo(_folder).GetFiles().Sum(file => file.Length).ShouldBeLessThanOrEqualTo(1000);
        folder.Find(Xep0084UserAvatar.IdOf(Picture(49))).ShouldNotBeNull();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static byte[] Picture(int number)
    {
        var bytes = new byte[100];
        bytes[0] = (byte)number;
        return bytes;
    }
}
