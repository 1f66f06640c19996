namespace Likeness.Cli;

/// <summary>What scripts can rely on.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>Refused or failed, with one line on standard error.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage or configuration.</summary>
    public const int Usage = 2;

    /// <summary>Nothing is broken: there just is none, for example no picture of a person.</summary>
    public const int HasNone = 3;
}
