using System.Globalization;
using System.Text;
using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/admin/log</c>: what was done, by who, what, whom and when, on a page and as a file. Of the domains that are the visitor's.</summary>
[Needs(Right.Pictures)]
internal sealed class LogModel(IAuditStore audit) : SitePage
{
    /// <summary>Lines of the file.</summary>
    public const int MaxLines = 10_000;

    private const int PageLines = 100;

    [BindProperty(SupportsGet = true)]
    public string? By { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? What { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Whom { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Since { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Until { get; set; }

    public IReadOnlyList<AuditEntry> Log { get; private set; } = [];

    public string Csv => $"{Request.PathBase}/admin/log{(Request.QueryString.HasValue ? Request.QueryString.Value + "&" : "?")}handler=Csv";

    public async Task OnGet() => Log = await Find(PageLines);

    public async Task<IActionResult> OnGetCsv()
    {
        var text = new StringBuilder("time,by,action,about,reason,detail\r\n");
        foreach (var entry in await Find(MaxLines))
        {
            text.AppendJoin(',', new[] { entry.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), entry.By, entry.Action, entry.About, entry.Reason, entry.Detail }.Select(Field)).Append("\r\n");
        }

        return File(Encoding.UTF8.GetBytes(text.ToString()), "text/csv; charset=utf-8", "log.csv");
    }

    private ValueTask<IReadOnlyList<AuditEntry>> Find(int most) => audit.Search(
        new AuditSearch { By = By?.Trim(), Action = What?.Trim(), About = Whom?.Trim(), Since = Day(Since), Until = Day(Until)?.AddDays(1), Domains = Visitor.Rights.DomainsOf(Right.Pictures) },
        most,
        HttpContext.RequestAborted);

    private static DateTimeOffset? Day(string? text) =>
        DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day) && day.Year < 9999 ? day : null;

    // RFC 4180; and what a table program would take for a formula is a text to it.
    private static string Field(string? text)
    {
        var value = text ?? "";
        var safe = value.Length > 0 && value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + value : value;
        return $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
