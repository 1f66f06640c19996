using System.CommandLine;
using System.Text;

namespace Likeness.Cli.Manuals;

/// <summary>Completion scripts for shells, made from the commands themselves.</summary>
internal static class Completions
{
    public static readonly IReadOnlyDictionary<string, Func<Command, string>> Shells = new Dictionary<string, Func<Command, string>>(StringComparer.Ordinal)
    {
        ["bash"] = Bash,
        ["zsh"] = Zsh,
        ["fish"] = Fish,
    };

    private static string Bash(Command root) =>
        $$"""
        # bash completion for likeness
        _likeness() {
            local command=likeness words= index
            for ((index = 1; index < COMP_CWORD; index++)); do
                case "$command ${COMP_WORDS[index]}" in
                    {{Paths(root)}}) command="$command ${COMP_WORDS[index]}" ;;
                esac
            done
            case $command in
        {{Lines(root, command => $"        '{command.Path}') words='{string.Join(' ', Words(command))}' ;;")}}
            esac
            COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _likeness likeness

        """;

    private static string Zsh(Command root) =>
        $$"""
        #compdef likeness
        _likeness() {
            local command=likeness word
            local -a offers
            for word in ${words[2,CURRENT-1]}; do
                case "$command $word" in
                    {{Paths(root)}}) command="$command $word" ;;
                esac
            done
            case $command in
        {{Lines(root, command => $"        ('{command.Path}') offers=({string.Join(' ', Described(command).Select(offer => $"'{offer.Word}:{Quoted(offer.Meaning)}'"))}) ;;")}}
            esac
            _describe -t commands likeness offers || _files
        }
        compdef _likeness likeness

        """;

    private static string Fish(Command root)
    {
        var script = new StringBuilder("# fish completion for likeness\n");
        foreach (var command in DescribedCommand.All(root))
        {
            var called = command.Path.Split(' ')[1..];
            var condition = called.Length == 0
                ? "__fish_use_subcommand"
                : string.Join("; and ", called.Select(word => $"__fish_seen_subcommand_from {word}"));
            foreach (var (word, meaning) in Described(command))
            {
                var offered = word.StartsWith("--", StringComparison.Ordinal) ? $"-l {word[2..]}" : $"-a {word}";
                script.Append($"complete -c likeness -n '{condition}' {offered} -d '{meaning.Replace("'", "\\'", StringComparison.Ordinal)}'\n");
            }
        }

        return script.ToString();
    }

    private static string Paths(Command root) =>
        string.Join('|', DescribedCommand.All(root).Skip(1).Select(command => $"'{command.Path}'"));

    private static string Lines(Command root, Func<DescribedCommand, string> line) =>
        string.Join('\n', DescribedCommand.All(root).Select(line));

    private static IEnumerable<string> Words(DescribedCommand command) => Described(command).Select(offer => offer.Word);

    private static IEnumerable<(string Word, string Meaning)> Described(DescribedCommand command) =>
    [
        .. command.Children.Select(child => (child.Name, child.Description ?? "")),
        .. command.Options.Select(option => (option.Name, option.Description ?? "")),
    ];

    private static string Quoted(string text) => text.Replace("'", "'\\''", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);
}
