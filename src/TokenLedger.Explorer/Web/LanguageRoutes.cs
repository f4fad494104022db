// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Mvc.ApplicationModels;

namespace TokenLedger.Explorer.Web;

/// <summary>Puts the language in front of every page's path.</summary>
internal sealed class LanguageRoutes : IPageRouteModelConvention
{
    private const string Prefix = "{language:regex(^(en|ur)$)}";

    public void Apply(PageRouteModel model)
    {
        foreach (SelectorModel selector in model.Selectors)
        {
            if (selector.AttributeRouteModel is { } route)
            {
                route.Template = $"{Prefix}/{route.Template?.TrimStart('/')}".TrimEnd('/');
            }
        }
    }
}
