namespace Likeness.Cli.Checks;

/// <summary>One line of the doctor's report.</summary>
/// <param name="Id">The same for the same fault in every version, for scripts.</param>
/// <param name="Subject">The name, address or URL it is about.</param>
/// <param name="Advice">What to do; null when nothing has to be done.</param>
internal sealed record Finding(string Id, Level Level, string Subject, string Text, string? Advice = null)
{
    /// <summary>The picture that was found there; empty: none was.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public ReadOnlyMemory<byte> Picture { get; init; }

    public static Finding Ok(string id, string subject, string text) => new(id, Level.Ok, subject, text);

    public static Finding Warning(string id, string subject, string text, string advice) => new(id, Level.Warning, subject, text, advice);

    public static Finding Wrong(string id, string subject, string text, string advice) => new(id, Level.Wrong, subject, text, advice);
}

/// <summary>How bad it is.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(LevelText))]
internal enum Level
{
    Ok,

    /// <summary>It works, but not for everybody or not for long.</summary>
    Warning,
    Wrong,
}

/// <summary>Levels as the report and its JSON call them.</summary>
internal sealed class LevelText() : System.Text.Json.Serialization.JsonStringEnumConverter<Level>(System.Text.Json.JsonNamingPolicy.CamelCase);
