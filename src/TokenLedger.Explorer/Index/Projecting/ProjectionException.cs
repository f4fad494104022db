// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Explorer.Index.Projecting;

/// <summary>
/// A final block does not follow from what is indexed: one of the two programs is wrong, and the index must
/// not go on.
/// </summary>
internal sealed class ProjectionException(Height height, string what)
    : Exception($"Block {height} does not follow from the index: {what}")
{
    public Height Height { get; } = height;
}
