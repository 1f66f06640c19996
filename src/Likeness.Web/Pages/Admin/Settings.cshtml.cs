using Likeness.Accounts;
using Likeness.Web.Visits;

namespace Likeness.Web.Pages;

/// <summary><c>/admin/settings</c>: what is in force, and who said so.</summary>
[Needs(Right.Server)]
internal sealed class SettingsModel(IServerSettings settings) : SitePage
{
    public IReadOnlyList<IGrouping<string, ServerSetting>> Groups { get; private set; } = [];

    public void OnGet() => Groups = [.. settings.Read().GroupBy(setting => setting.Group)];
}
