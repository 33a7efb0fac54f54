# Asterisk with the configuration of dialplan/, written at each start from ASTERISK_… variables.
FROM debian:forky-slim

# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        asterisk asterisk-core-sounds-en-wav asterisk-moh-opsound-wav python3 \
    && rm -rf /var/lib/apt/lists/* \
    && rm -rf /etc/asterisk/* \
    && install -d -o asterisk -g asterisk \
        /etc/asterisk /var/cache/asterisk /var/spool/asterisk/recording/emergency /var/lib/asterisk/keys /run/asterisk \
    && rm -rf /var/spool/asterisk/monitor \
    && ln -s recording /var/spool/asterisk/monitor

WORKDIR /opt/ctiserver
COPY ctiserver/__init__.py ctiserver/errors.py ctiserver/
COPY ctiserver/asterisk/__init__.py ctiserver/asterisk/configuration.py ctiserver/asterisk/
COPY dialplan/ dialplan/
COPY --chmod=755 docker/start_asterisk /usr/local/bin/start_asterisk

# The package chooses the number of its user.
# hadolint ignore=DL3066
USER asterisk
EXPOSE 5060/udp 5060/tcp 8088/tcp
HEALTHCHECK --interval=10s --start-period=20s --retries=6 CMD ["asterisk", "-rx", "core waitfullybooted"]
CMD ["start_asterisk"]
