// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace TokenLedger.Explorer.Web;

/// <summary>
/// Places for what costs something as long as it lasts: so many in all, and so many for one reader.
/// Thread-safe.
/// </summary>
/// <param name="all">How many there are.</param>
/// <param name="ofOne">How many of them one reader may have.</param>
internal sealed class Places(int all, int ofOne)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _taken = [];
    private int _count;

    /// <summary>Takes a place; null when all are taken, or all of this reader's. Dispose it to give it
    /// back.</summary>
    /// <param name="reader">From <see cref="Readers"/>; null for one that is not counted by itself.</param>
    public IDisposable? TryTake(IPAddress? reader)
    {
        lock (_lock)
        {
            int own = reader is null ? 0 : _taken.GetValueOrDefault(reader);
            if (_count >= all || own >= ofOne)
            {
                return null;
            }

            _count++;
            if (reader is not null)
            {
                _taken[reader] = own + 1;
            }

            return new Place(this, reader);
        }
    }

    private void Release(IPAddress? reader)
    {
        lock (_lock)
        {
            _count--;
            if (reader is not null && --_taken[reader] is 0)
            {
                _taken.Remove(reader);
            }
        }
    }

    private sealed class Place(Places places, IPAddress? reader) : IDisposable
    {
        private int _given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0)
            {
                places.Release(reader);
            }
        }
    }
}

/// <summary>Who reads, as far as an address tells.</summary>
internal static class Readers
{
    private const int PrefixBytes = 8;

    /// <summary>The reader behind an address; null for none, such as a connection within the
    /// machine.</summary>
    public static IPAddress? Of(IPAddress? address)
    {
        if (address is null)
        {
            return null;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        byte[] bytes = address.GetAddressBytes();
        if (bytes.Length <= PrefixBytes)
        {
            return address;
        }

        // Whoever has one address of IPv6 has at least all with these first bytes.
        Array.Clear(bytes, PrefixBytes, bytes.Length - PrefixBytes);
        return new IPAddress(bytes);
    }
}
