// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Configuration;

/// <summary>Something in the configuration, or that it names, cannot be used.</summary>
internal sealed class ExplorerConfigurationException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
