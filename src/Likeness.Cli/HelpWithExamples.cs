using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Likeness.Cli;

/// <summary>The usual help, the settings by group, then examples to copy.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    private const int FlagColumns = 28;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        var settings = command.Options.OfType<SettingFlag>().ToList();
        settings.ForEach(flag => flag.Hidden = true);
        usual.Invoke(parseResult);
        settings.ForEach(flag => flag.Hidden = false);
        var output = parseResult.InvocationConfiguration.Output;
        foreach (var (title, flags) in SettingFlag.Grouped(settings))
        {
            output.WriteLine($"{title}:");
            foreach (var flag in flags)
            {
                output.WriteLine($"  {flag.Name + (flag.Key.IsSwitch ? "" : " VALUE"),-FlagColumns}  {flag.Description} Example: {flag.Key.Example}");
            }

            output.WriteLine();
        }

        if (command is ITeaching { Examples: { Count: > 0 } examples })
        {
            output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                output.WriteLine("  " + example);
            }

            output.WriteLine();
        }

        return ExitCode.Done;
    }
}
