// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace TokenLedger.Node.Clients;

/// <summary>
/// Whom quotas take for one client: an IPv4 address, or the first 64 bits of an IPv6 address, because whoever
/// has one such network has all of its addresses.
/// </summary>
internal readonly record struct ClientAddress(ulong Network, bool IsV6)
{
    public static ClientAddress Of(IPAddress? address)
    {
        if (address is null)
        {
            return default;
        }

        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        Span<byte> bytes = stackalloc byte[16];
        plain.TryWriteBytes(bytes, out _);
        return plain.AddressFamily == AddressFamily.InterNetworkV6
            ? new ClientAddress(BinaryPrimitives.ReadUInt64BigEndian(bytes), true)
            : new ClientAddress(BinaryPrimitives.ReadUInt32BigEndian(bytes), false);
    }
}
