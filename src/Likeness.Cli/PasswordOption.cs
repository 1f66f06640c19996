using System.CommandLine;
using Likeness.Accounts;
using Likeness.Server;
using Likeness.Server.Administration;
using Likeness.Server.Options;

namespace Likeness.Cli;

/// <summary>A password from a flag or file, from a person at the terminal, or from standard input.</summary>
internal sealed class PasswordOption
{
    private readonly Terminal _terminal;
    private readonly Option<string?> _password = new("--password")
    {
        Description = "The password; others on this machine can see it. Without it and --password-file: asked for, or read from standard input.",
        HelpName = "PW",
    };

    private readonly Option<string?> _file = new("--password-file")
    {
        Description = "A file with the password in its first line.",
        HelpName = "FILE",
    };

    public PasswordOption(Command command, Terminal terminal)
    {
        command.Add(_password);
        command.Add(_file);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_password) is not null && result.GetResult(_file) is not null)
            {
                result.AddError("--password and --password-file both say the password.");
            }
        });
        _terminal = terminal;
    }

    /// <summary>Runs an operation that wants a password. What is refused whatever the password is, is refused before somebody types it.</summary>
    public async Task<Answer> Run(ParseResult parsed, CommonOptions common, CheckAccount check, Func<string, Operation> operation, CancellationToken cancellationToken)
    {
        await using var administrator = common.Administrator(parsed);
        await administrator.Run(check, cancellationToken);
        return await administrator.Run(operation(await Read(parsed, cancellationToken)), cancellationToken);
    }

    /// <summary>Throws <see cref="OperationRefusedException"/> when there is none, or it cannot be one.</summary>
    public async Task<string> Read(ParseResult parsed, CancellationToken cancellationToken)
    {
        var password = await Said(parsed, cancellationToken);
        try
        {
            PasswordRule.CheckUsable(password);
            return password;
        }
        catch (AccountRefusedException refused)
        {
            throw new OperationRefusedException(refused.Message, refused);
        }
    }

    private async Task<string> Said(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_password) is { } said)
        {
            return said;
        }

        if (parsed.GetValue(_file) is { } file)
        {
            using var lines = new StreamReader(new MemoryStream(await NamedFile.Read(file, cancellationToken)));
            return await lines.ReadLineAsync(cancellationToken) ?? throw new OperationRefusedException($"There is no password in {file}.");
        }

        return _terminal.Interactive
            ? await AskTwice(question => _terminal.Secret(_terminal.Console, question, cancellationToken))
            : await _terminal.In.ReadLineAsync(cancellationToken) ?? throw new OperationRefusedException("No password came on standard input.");
    }

    /// <summary>Nobody sees what is typed, and a slip would lock the person out.</summary>
    internal static async Task<string> AskTwice(Func<string, Task<string>> ask)
    {
        var password = await ask("Password:");
        return await ask("Again:") == password ? password : throw new OperationRefusedException("The two passwords are not the same; nothing was changed.");
    }
}
