using System.CommandLine;
using System.Globalization;
using Likeness.Server;
using Likeness.Server.Administration;
using Likeness.Server.Control;

namespace Likeness.Cli.Commands;

internal sealed class BackupCommand : TeachingCommand
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public BackupCommand(Terminal terminal)
        : base("backup", "Writes everything that is kept to one file, while the server runs or not. It holds everybody's login keys: keep it as safe as the data.")
    {
        var file = new Argument<string>("FILE") { Description = "Where to write it; the name should end in .tar.gz." };
        var certificates = new Option<bool>("--certificates") { Description = "The self-signed certificate and its key too." };
        var without = new Option<bool>("--no-uploads") { Description = "Without the files that people share in chats; those go by themselves after some weeks." };
        Add(file);
        Add(certificates);
        Add(without);
        var force = new Option<bool>("--force") { Description = "Replace a file that is there." };
        Add(force);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var path = Path.GetFullPath(parsed.GetRequiredValue(file));
            if (!parsed.GetValue(force) && Path.Exists(path))
            {
                throw new OperationRefusedException($"{path} is there already; --force replaces it.");
            }

            if (!Directory.Exists(Path.GetDirectoryName(path)))
            {
                throw new OperationRefusedException($"There is no folder {Path.GetDirectoryName(path)}.");
            }

            var draft = path + ".draft";
            try
            {
                await using var administrator = common.Administrator(parsed);
                await Write(administrator, new WriteBackup(parsed.GetValue(certificates), !parsed.GetValue(without)), draft, cancellationToken);
                var manifest = Restoration.Verify(draft);
                File.Move(draft, path, overwrite: true);
                await terminal.Out.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture, $"{path}: {manifest.Members.Count} members, {new FileInfo(path).Length / 1048576.0:0.0} MiB, checked."));
            }
            finally
            {
                File.Delete(draft);
            }
        });
        Examples = ["likeness backup /var/backups/likeness.tar.gz", "likeness backup \"likeness-$(date +%F).tar.gz\" --certificates"];
    }

    private static async Task Write(Server.Control.Administrator administrator, WriteBackup operation, string path, CancellationToken cancellationToken)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly, Options = FileOptions.Asynchronous };
        await using var file = new FileStream(path, options);
        await administrator.Stream(operation, file, cancellationToken);
        file.Flush(flushToDisk: true);
    }
}
