"""python3 -m exabgp.application.healthcheck"""

from exabgp import become


def main():
    become("healthcheck")


if __name__ == "__main__":
    main()
