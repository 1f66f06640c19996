using System.CommandLine;
using Likeness.Server.Administration;
using Likeness.Server.Control;
using Likeness.Server.Options;

namespace Likeness.Cli;

/// <summary>Which data directory and which configuration a command works on.</summary>
internal sealed class CommonOptions
{
    private readonly Option<string?> _data = new("--data")
    {
        Description = $"Data directory. Without it: {DataDirectory.Default()}",
        HelpName = "DIR",
    };

    private readonly Option<string?> _config = new("--config")
    {
        Description = $"Configuration file. Without it: {OptionFile.Name} in the data directory, if there is one.",
        HelpName = "FILE",
    };

    private CommonOptions(Command command)
    {
        command.Add(_data);
        command.Add(_config);
    }

    public static CommonOptions AddTo(Command command) => new(command);

    public string Directory(ParseResult parsed) =>
        parsed.GetValue(_data) is { } said ? Path.GetFullPath(said) : DataDirectory.Default();

    public bool SaysDirectory(ParseResult parsed) => parsed.GetValue(_data) is not null;

    /// <summary>One of the two flags was given.</summary>
    public bool IsSaid(ParseResult parsed) => SaysDirectory(parsed) || parsed.GetValue(_config) is not null;

    /// <summary>The configuration file, whether it is there or not.</summary>
    /// <param name="isSaid">Somebody named it.</param>
    public string ConfigurationPath(ParseResult parsed, out bool isSaid)
    {
        var said = parsed.GetValue(_config) ?? Environment.GetEnvironmentVariable("LIKENESS_CONFIG");
        isSaid = said is not null;
        return said is null ? OptionFile.Of(Directory(parsed)) : Path.GetFullPath(said);
    }

    /// <summary>What environment and file say, strongest first.</summary>
    public OptionSource[] Configuration(ParseResult parsed) =>
        [OptionSource.FromEnvironment(Environment.GetEnvironmentVariables()), File(parsed)];

    /// <summary>Runs the operation and says what it answers.</summary>
    public async Task<Answer> Run(ParseResult parsed, Operation operation, CancellationToken cancellationToken)
    {
        await using var administrator = Administrator(parsed);
        return await administrator.Run(operation, cancellationToken);
    }

    /// <summary>For several operations in a row.</summary>
    public Administrator Administrator(ParseResult parsed) => new(Directory(parsed), RenderWorkerCommand.OwnCommand(), Configuration(parsed));

    private OptionSource File(ParseResult parsed)
    {
        var path = ConfigurationPath(parsed, out var isSaid);
        return isSaid || System.IO.File.Exists(path) ? OptionFile.Read(path) : OptionSource.Empty;
    }
}
