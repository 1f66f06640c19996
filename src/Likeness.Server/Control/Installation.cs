using Likeness.Server.Options;

namespace Likeness.Server.Control;

/// <summary>The first minutes of a server: its data directory and its settings file, for a packaged service or for whoever runs it.</summary>
/// <param name="settingsFile">Where the settings are to be.</param>
public sealed class Installation(string dataDirectory, string settingsFile)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>A server has the data open; it does not know of new settings.</summary>
    public Task<bool> IsRunning(CancellationToken cancellationToken) => ControlClient.IsRunning(dataDirectory, cancellationToken);

    /// <summary>Throws <see cref="OperationRefusedException"/> when settings are there, unless they may go. A file that says nothing, as packages bring it, is none.</summary>
    public void RefuseExisting(bool force)
    {
        if (!force && File.Exists(settingsFile) && SaysSomething())
        {
            throw new OperationRefusedException($"{settingsFile} is there already; --force replaces it and keeps it as {Old}.");
        }
    }

    /// <summary>Makes the data directory and writes the settings. Run by root, both are made for the service's user.</summary>
    public void Write(OptionSource said)
    {
        var isNew = !Directory.Exists(dataDirectory);
        DataDirectory.Create(dataDirectory);
        if (isNew && FileOwner.Current == 0 && dataDirectory == DataDirectory.OfTheService && FileOwner.OfTheService() is { } service)
        {
            FileOwner.Give(dataDirectory, service);
        }

        DataDirectory.Create(Path.GetDirectoryName(settingsFile)!);
        if (File.Exists(settingsFile) && SaysSomething())
        {
            File.Copy(settingsFile, Old, overwrite: true);
        }

        WriteSettings(OptionFile.Text(said));
    }

    private string Old => settingsFile + ".old";

    private bool SaysSomething()
    {
        try
        {
            return OptionFile.Read(settingsFile) is var read && (!read.Values.IsEmpty || !read.Policies.IsEmpty);
        }
        catch (OptionsRefusedException)
        {
            return true;
        }
    }

    /// <summary>Passwords of databases may be in it: readable by its owner and by the group of the service, whole or not there.</summary>
    private void WriteSettings(string text)
    {
        var draft = settingsFile + ".draft";
        File.Delete(draft);
        var owner = FileOwner.Of(dataDirectory);
        var isForOthers = FileOwner.Current == 0 && owner is { Id: not 0 };
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        using (var file = new StreamWriter(draft, options))
        {
            file.Write(text);
            file.Flush();
            ((FileStream)file.BaseStream).Flush(flushToDisk: true);
        }

        if (isForOthers)
        {
            FileOwner.Give(draft, new FileUser(0, owner!.Group));
            File.SetUnixFileMode(draft, OwnerOnly | UnixFileMode.GroupRead);
        }

        File.Move(draft, settingsFile, overwrite: true);
    }
}
