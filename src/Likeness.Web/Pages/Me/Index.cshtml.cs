namespace Likeness.Web.Pages;

/// <summary><c>/me</c>: a person's portrait, and what becomes of it.</summary>
internal sealed class MeModel : SitePage
{
    public Identity Account => Visitor.Account;

    public void OnGet()
    {
    }
}
