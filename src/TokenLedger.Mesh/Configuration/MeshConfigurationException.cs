// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Mesh.Configuration;

/// <summary>Something in the configuration, or that it names, cannot be used.</summary>
internal sealed class MeshConfigurationException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
