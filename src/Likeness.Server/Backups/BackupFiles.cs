using System.Text.RegularExpressions;

namespace Likeness.Server.Backups;

/// <summary>The files of a data directory that a backup holds beside the tables.</summary>
internal static partial class BackupFiles
{
    public const string Folder = "files/";
    public const string Configuration = Options.OptionFile.Name;

    /// <summary>What makes unknown users look like accounts, and the settings.</summary>
    public static readonly string[] Always = ["secret", Configuration];

    /// <summary>The certificate made here.</summary>
    public static readonly string[] Certificates = ["self-signed.pem", "self-signed.key"];

    public static bool IsOne(string member) =>
        member.StartsWith(Folder, StringComparison.Ordinal) && Always.Concat(Certificates).Contains(member[Folder.Length..]);

    /// <summary>What people uploaded to share it in chats: <c>files/uploads/OWNER/ID.TYPE</c>, and nothing that leads elsewhere.</summary>
    public static bool IsUpload(string member) => Upload().IsMatch(member);

    [GeneratedRegex("^files/uploads/[0-9a-f]{32}/[0-9a-f]{32}\\.[a-z0-9]{1,8}$", RegexOptions.CultureInvariant)]
    private static partial Regex Upload();

    /// <summary>Writes the file so that only its owner ever could read it, and whole or not at all.</summary>
    public static void Write(string path, byte[] content)
    {
        var draft = path + ".draft";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        using (var file = new FileStream(draft, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }
}
