#:package Microsoft.CodeAnalysis.CSharp
#:property RestorePackagesWithLockFile=false
#:property RunAnalyzers=false
#:property TreatWarningsAsErrors=false
#:property PublishAot=false

// Takes each check of a folder's code away, one at a time, and says which test notices.
//
// Usage: dotnet run scripts/checks.cs FOLDER TESTPROJECT [TESTPROJECT]... [--from NUMBER] [--keep FOLDER]
//
// --keep: where the copy with its switches is built and stays; one that is there is used as it is, with what was learnt of it (decides.tsv).
//
// A check is a condition in front of a way out (return, throw, break, continue), each part of an "and" and of an "or", a choice between an
// answer and a refusal, and a call whose name says that it checks. All are built at once, each behind a switch, so that the build is paid once;
// a check is then tried by those classes of tests in which it decided something. scripts/mutate is for all other rules: one at a time, by hand.
// A check that no test can miss stands in tests/checks.list with the reason: FILE | MEMBER | CHECK | WHY.
// Exit code 0: every other check is missed by a test.

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

const string Quick = "-trait- Category=Long -trait- Category=Integration -trait- Category=Slow -noColor -noLogo";
var words = args.ToList();
var kept = Take("--keep");
if (!int.TryParse(Take("--from") ?? "1", NumberStyles.None, CultureInfo.InvariantCulture, out var from) || words.Count < 2)
{
    Console.Error.WriteLine("Usage: dotnet run scripts/checks.cs FOLDER TESTPROJECT [TESTPROJECT]... [--from NUMBER] [--keep FOLDER]");
    return 2;
}

var (area, projects) = (words[0].TrimEnd('/'), words[1..]);
if (projects.Select(project => $"tests/{project}").Prepend(area).FirstOrDefault(folder => !Directory.Exists(folder)) is { } missing)
{
    Console.Error.WriteLine($"There is no folder {missing} here; run this in the project's root, as in: dotnet run scripts/checks.cs src/Likeness.Web Likeness.Web.Tests");
    return 2;
}

var copy = kept ?? Directory.CreateTempSubdirectory("likeness-checks-").FullName;
if (!Directory.Exists(Path.Combine(copy, ".git")))
{
    await Run("git", $"clone -q . {copy}", ".", TimeSpan.FromMinutes(2));
}

await Run("git", $"checkout -q -- {area}", copy, TimeSpan.FromMinutes(2));

// Each check stands behind its switch; those that do not compile without (a name that the check itself brings in) are left as they are.
var files = Directory.GetFiles(Path.Combine(copy, area), "*.cs", SearchOption.AllDirectories)
    .Where(file => !Regex.IsMatch(file[copy.Length..], "/(bin|obj)/")).Order(StringComparer.Ordinal).ToDictionary(file => file, File.ReadAllText);
var owner = string.Join('/', area.Split('/')[..2]);
var checks = files.SelectMany(file => Checks.In(Path.GetRelativePath(copy, file.Key), file.Value)).Select((check, index) => check with { Number = index + 1 }).ToList();
var fixedChecks = checks.Where(check => check.BringsInNames).Select(check => check.Number).ToHashSet();
File.WriteAllText(Path.Combine(copy, owner, "MutationSwitch.cs"), Checks.Switch);
while (true)
{
    foreach (var (file, text) in files)
    {
        File.WriteAllText(file, Checks.Write(text, checks.Where(check => check.File == Path.GetRelativePath(copy, file) && !fixedChecks.Contains(check.Number))));
    }

    var built = new StringBuilder();
    var works = true;
    foreach (var project in projects)
    {
        var (code, said) = await Run("dotnet", $"build tests/{project} -c Release -v quiet -nologo -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false -p:NoWarn=RS0016%3BRS0037", copy, TimeSpan.FromMinutes(15));
        works &= code == 0;
        built.Append(said);
    }

    if (works)
    {
        break;
    }

    var wrong = Regex.Matches(built.ToString(), @"^(?<file>/\S+?)\((?<line>\d+),\d+\): error (?<code>\S+):.*$", RegexOptions.Multiline);
    var before = fixedChecks.Count;
    foreach (Match error in wrong)
    {
        var (file, line) = (Path.GetRelativePath(copy, error.Groups["file"].Value), int.Parse(error.Groups["line"].Value, CultureInfo.InvariantCulture));
        // The nearest above that is still behind a switch.
        var blamed = checks.Where(check => check.File == file && !fixedChecks.Contains(check.Number) && check.Line <= line).ToList();
        if (blamed.Count == 0)
        {
            continue;
        }

        foreach (var check in blamed.Where(check => check.Line == blamed[^1].Line))
        {
            fixedChecks.Add(check.Number);
        }
    }

    if (fixedChecks.Count == before)
    {
        Console.Error.WriteLine(built.ToString());
        return 1;
    }
}

Console.WriteLine($"{checks.Count} checks in {area}; {fixedChecks.Count} do not compile without");

// Which class decides by which check.
var decides = new ConcurrentDictionary<int, ConcurrentBag<Deciding>>();
var learnt = Path.Combine(copy, "decides.tsv");
if (!File.Exists(learnt))
{
    var classes = new List<(string Project, string Name)>();
    foreach (var project in projects)
    {
        var (_, listed) = await Run(Runner(project), $"-list classes {Quick}", copy, TimeSpan.FromMinutes(2));
        classes.AddRange(listed.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("Likeness.", StringComparison.Ordinal)).Select(name => (project, name)));
    }

    var (lines, failing) = (new ConcurrentBag<string>(), new ConcurrentBag<string>());
    await Parallel.ForEachAsync(classes, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (one, _) =>
    {
        var hits = Directory.CreateTempSubdirectory("likeness-hits-");
        var began = Stopwatch.GetTimestamp();
        var (code, said) = await Run(Runner(one.Project), $"-class {one.Name} {Quick}", copy, TimeSpan.FromMinutes(10), ("MUTATION_HITS", hits.FullName));
        if (code != 0)
        {
            failing.Add($"With every check in its place {one.Name} must pass.\n{said}");
        }

        foreach (var number in hits.GetFiles().SelectMany(file => File.ReadAllLines(file.FullName)).Distinct())
        {
            lines.Add($"{number}\t{one.Project}\t{one.Name}\t{Stopwatch.GetElapsedTime(began).Ticks}");
        }

        hits.Delete(recursive: true);
    });
    if (failing.TryTake(out var why))
    {
        Console.Error.WriteLine(why);
        return 1;
    }

    File.WriteAllLines(learnt, lines);
}

foreach (var fields in File.ReadLines(learnt).Select(line => line.Split('\t')))
{
    decides.GetOrAdd(int.Parse(fields[0], CultureInfo.InvariantCulture), _ => []).Add(new Deciding(fields[1], fields[2], TimeSpan.FromTicks(long.Parse(fields[3], CultureInfo.InvariantCulture))));
}

Console.WriteLine($"{decides.Count} decide something in the tests");

var explained = File.ReadLines("tests/checks.list").Where(line => line.Length > 0 && line[0] != '#').Select(line => string.Join(" | ", line.Split(" | ")[..^1])).ToHashSet(StringComparer.Ordinal);
foreach (var gone in explained.Where(line => line.StartsWith(area, StringComparison.Ordinal)).Except(checks.Select(check => check.Named), StringComparer.Ordinal))
{
    Console.Error.WriteLine($"tests/checks.list explains a check that is not there any more: {gone}");
}

var (noticed, survived, never, known) = (0, 0, 0, 0);
// What costs least comes first. A way out behind an "or" is tried by its parts.
await Parallel.ForEachAsync(checks.Where(check => !fixedChecks.Contains(check.Number) && check.Number >= from).Where(check => !check.HasParts).OrderBy(Cost), new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (check, _) =>
{
    if (explained.Contains(check.Named))
    {
        Interlocked.Increment(ref known);
        return;
    }

    if (!decides.TryGetValue(check.Number, out var where))
    {
        Interlocked.Increment(ref never);
        Say("NEVER   ", check, "no test in which it decides");
        return;
    }

    foreach (var project in where.GroupBy(one => one.Project))
    {
        var (limit, named) = (3 * new TimeSpan(project.Sum(one => one.Took.Ticks)) + TimeSpan.FromMinutes(1), string.Join(' ', project.Select(one => $"-class {one.Name}")));
        var (code, said) = await Run(Runner(project.Key), $"{named} {Quick} -stopOnFail", copy, limit, ("MUTATION", check.Number.ToString(CultureInfo.InvariantCulture)));
        if (code != 0)
        {
            Interlocked.Increment(ref noticed);
            Say("noticed ", check, Regex.Match(said, @"^ {4}(\S.*?)(\(.*)? \[FAIL\]", RegexOptions.Multiline) is { Success: true } failed ? failed.Groups[1].Value : "(the runner ended with an error, or waited for ever)");
            return;
        }
    }

    Interlocked.Increment(ref survived);
    Say("SURVIVED", check, string.Join(' ', where.OrderBy(one => one.Took).Take(4).Select(one => one.Name.Split('.')[^1])));
});
Console.WriteLine($"{noticed} noticed, {survived} survived, {never} never decide in these tests, {known} explained");
if (kept is null)
{
    Directory.Delete(copy, recursive: true);
}

return survived + never == 0 ? 0 : 1;

long Cost(Check check) => decides.TryGetValue(check.Number, out var where) ? where.Sum(one => one.Took.Ticks) : 0;

string Runner(string project) => Path.Combine(copy, $"tests/{project}/bin/Release/net10.0/{project}");

string? Take(string flag)
{
    var at = words.IndexOf(flag);
    if (at < 0)
    {
        return null;
    }

    var value = words.ElementAtOrDefault(at + 1) ?? "";
    words.RemoveRange(at, Math.Min(2, words.Count - at));
    return value;
}

static void Say(string outcome, Check check, string more) => Console.WriteLine($"{outcome} {check.Number} {check.File}:{check.Line} {check.Shown} | {more}");

static async Task<(int Code, string Said)> Run(string program, string arguments, string folder, TimeSpan limit, params (string Name, string Value)[] variables)
{
    var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
    start.Environment["UseSharedCompilation"] = "false";
    start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
    start.Environment["DOTNET_TieredPGO"] = "0";
    foreach (var (name, value) in variables)
    {
        start.Environment[name] = value;
    }

    using var process = Process.Start(start)!;
    using var late = new CancellationTokenSource(limit);
    var (told, complained) = (process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
    try
    {
        await process.WaitForExitAsync(late.Token);
    }
    catch (OperationCanceledException)
    {
        process.Kill(entireProcessTree: true);
        return (1, "");
    }

    return (process.ExitCode, await told + await complained);
}

/// <summary>A class of tests in which a check decides.</summary>
internal sealed record Deciding(string Project, string Name, TimeSpan Took);

/// <summary>A condition, or a call, that can be taken away.</summary>
/// <param name="Before">What the switch puts in front of it; <c>{0}</c>: the number.</param>
/// <param name="BringsInNames">It declares what is used behind it, so nothing compiles without it.</param>
/// <param name="HasParts">Each of its parts is a check, too.</param>
internal sealed record Check(int Number, string File, string Member, int Line, int Start, int End, string Before, string After, string Shown, bool BringsInNames, bool HasParts)
{
    /// <summary>As tests/checks.list calls it.</summary>
    public string Named => $"{File} | {Member} | {Shown}";
}

internal static class Checks
{
    public const string Switch = """
        internal static class MutationSwitch
        {
            private static readonly int Active = int.Parse(System.Environment.GetEnvironmentVariable("MUTATION") ?? "0", System.Globalization.CultureInfo.InvariantCulture);
            private static readonly string? Hits = System.Environment.GetEnvironmentVariable("MUTATION_HITS");
            private static readonly System.Collections.Generic.HashSet<int> Hit = [];

            /// <summary>Behind a check that holds: false when it is taken away.</summary>
            public static bool Stays(int number) => !IsAway(number);

            /// <summary>Behind a check that does not hold: true when it is taken away.</summary>
            public static bool IsAway(int number)
            {
                if (Hits is not null)
                {
                    lock (Hit)
                    {
                        if (Hit.Add(number))
                        {
                            System.IO.File.AppendAllText(System.IO.Path.Combine(Hits, System.Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)), number + "\n");
                        }
                    }
                }

                return number == Active;
            }
        }

        """;

    private static readonly Regex ChecksByName = new("^(Require|Check|Ensure|Demand|Verify|Refuse|ThrowIf|Throw|Guard|Count|Allow|Must|Expect)", RegexOptions.CultureInvariant);

    public static IEnumerable<Check> In(string file, string text)
    {
        var root = CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview)).GetRoot();
        foreach (var node in root.DescendantNodes())
        {
            // What an attribute or a constant says has no moment at which a switch could be asked.
            if (node.AncestorsAndSelf().Any(above => above is AttributeSyntax || (above is FieldDeclarationSyntax field && field.Modifiers.Any(SyntaxKind.ConstKeyword))))
            {
                continue;
            }

            switch (node)
            {
                case IfStatementSyntax { Else: null } branch when LeavesBy(branch.Statement):
                    yield return Around(branch.Condition, "(", ") && global::MutationSwitch.Stays({0})");
                    break;
                case BinaryExpressionSyntax both when both.IsKind(SyntaxKind.LogicalAndExpression):
                    foreach (var side in Sides(both))
                    {
                        yield return Around(side, "((", ") || global::MutationSwitch.IsAway({0}))");
                    }

                    break;
                case BinaryExpressionSyntax either when either.IsKind(SyntaxKind.LogicalOrExpression):
                    foreach (var side in Sides(either))
                    {
                        yield return Around(side, "((", ") && global::MutationSwitch.Stays({0}))");
                    }

                    break;
                case ConditionalExpressionSyntax choice when Refuses(choice.WhenTrue):
                    yield return Around(choice.Condition, "((", ") && global::MutationSwitch.Stays({0}))");
                    break;
                case ConditionalExpressionSyntax choice when Refuses(choice.WhenFalse):
                    yield return Around(choice.Condition, "((", ") || global::MutationSwitch.IsAway({0}))");
                    break;
                case ExpressionStatementSyntax call when Called(call.Expression) is { } name && ChecksByName.IsMatch(name):
                    yield return Around(call, "if (global::MutationSwitch.Stays({0})) { ", " }");
                    break;
            }
        }

        Check Around(SyntaxNode node, string before, string after) =>
            new(0, file, MemberOf(node), node.GetLocation().GetLineSpan().StartLinePosition.Line + 1, node.Span.Start, node.Span.End, before, after, Regex.Replace(node.ToString(), @"\s+", " "), BringsInNames(node), node.IsKind(SyntaxKind.LogicalOrExpression));
    }

    /// <summary>The text with each check behind its switch; lines stay where they are.</summary>
    public static string Write(string text, IEnumerable<Check> checks)
    {
        var marks = checks.SelectMany(check => new[]
        {
            (At: check.Start, IsEnd: false, Width: check.End - check.Start, Text: check.Before.Replace("{0}", check.Number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)),
            (At: check.End, IsEnd: true, Width: check.End - check.Start, Text: check.After.Replace("{0}", check.Number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)),
        });
        var written = new StringBuilder();
        var done = 0;

        // Where several begin or end at one place the wider one is outside.
        foreach (var mark in marks.OrderBy(mark => mark.At).ThenByDescending(mark => mark.IsEnd).ThenBy(mark => mark.IsEnd ? mark.Width : -mark.Width))
        {
            written.Append(text, done, mark.At - done).Append(mark.Text);
            done = mark.At;
        }

        return written.Append(text, done, text.Length - done).ToString();
    }

    private static string MemberOf(SyntaxNode node) => node.Ancestors().OfType<MemberDeclarationSyntax>().First() switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        PropertyDeclarationSyntax property => property.Identifier.Text,
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        var other => other.Kind().ToString(),
    };

    private static bool BringsInNames(SyntaxNode node)
    {
        var names = node.DescendantNodesAndSelf().OfType<SingleVariableDesignationSyntax>().Select(name => name.Identifier.Text).ToHashSet();
        return names.Count > 0 && node.Ancestors().First(above => above is MemberDeclarationSyntax or LocalFunctionStatementSyntax).DescendantNodes().OfType<IdentifierNameSyntax>()
            .Any(used => names.Contains(used.Identifier.Text) && !node.Span.Contains(used.Span));
    }

    // Of a && b && c the parts are a, b and c.
    private static IEnumerable<ExpressionSyntax> Sides(BinaryExpressionSyntax chain) =>
        chain.Left is BinaryExpressionSyntax inner && inner.Kind() == chain.Kind() ? [chain.Right] : [chain.Left, chain.Right];

    private static bool LeavesBy(StatementSyntax statement) => statement switch
    {
        BlockSyntax block => block.Statements.LastOrDefault() is { } last && LeavesBy(last),
        ReturnStatementSyntax or ThrowStatementSyntax or ContinueStatementSyntax or BreakStatementSyntax => true,
        YieldStatementSyntax yielded => yielded.IsKind(SyntaxKind.YieldBreakStatement),
        _ => false,
    };

    private static bool Refuses(ExpressionSyntax expression) => expression is ThrowExpressionSyntax
        || expression.ToString() is "null" or "false" or "default" or "[]"
        || (Called(expression) is { } name && Regex.IsMatch(name, "NotFound|Forbid|Challenge|BadRequest|Refus|Redirect|StatusCode|Unauthorized|Denied|TooMany"));

    private static string? Called(ExpressionSyntax expression) => expression switch
    {
        AwaitExpressionSyntax awaited => Called(awaited.Expression),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member } => member.Name.Identifier.Text,
        InvocationExpressionSyntax { Expression: IdentifierNameSyntax simple } => simple.Identifier.Text,
        _ => null,
    };
}
